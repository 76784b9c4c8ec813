namespace RingTrace.Formats;
internal static class Placeholder { }
