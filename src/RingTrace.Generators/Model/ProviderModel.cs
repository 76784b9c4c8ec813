namespace RingTrace.Generators;

/// <summary>
/// All that the text of a provider class depends on, and nothing else: no symbol, no place in the source.
/// </summary>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Containers">The heads of the types around the class and its own, from the outside.</param>
/// <param name="FullName">The class with <c>global::</c>, as other code names it.</param>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="ProviderName">The name in every trace.</param>
/// <param name="Channel">Where its records go, if a recorder has a channel of that name; null for the first.</param>
/// <param name="HasProviderProperty">False when the class has a member of that name already.</param>
/// <param name="IsVisible">Whether the rest of the assembly can name the class, so that it can be registered.</param>
/// <param name="IsRefused">True when no event of the class can work, and every method gets a harmless body.</param>
/// <param name="Methods">In the order of their declaration.</param>
internal sealed record ProviderModel(
    string Namespace,
    EquatableArray<string> Containers,
    string FullName,
    string HintName,
    string ProviderName,
    string? Channel,
    bool HasProviderProperty,
    bool IsVisible,
    bool IsRefused,
    EquatableArray<MethodModel> Methods)
{
    public bool IsRegistered => HasProviderProperty && IsVisible && !IsRefused;
}
