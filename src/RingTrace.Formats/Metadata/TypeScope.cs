namespace RingTrace.Formats;

/// <summary>The type names that a block of the metadata knows, its own and those around it.</summary>
internal sealed class TypeScope(TypeScope? outer)
{
    private readonly Dictionary<string, FieldClass> _types = [];

    public TypeScope? Outer { get; } = outer;

    /// <summary>False when this block has declared the name already.</summary>
    public bool TryAdd(string name, FieldClass type) => _types.TryAdd(name, type);

    public FieldClass? Find(string name)
    {
        for (TypeScope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._types.TryGetValue(name, out FieldClass? type))
            {
                return type;
            }
        }

        return null;
    }
}
