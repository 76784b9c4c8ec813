namespace RingTrace.Generators;
internal static class Placeholder { }
