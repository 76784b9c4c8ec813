using System.Globalization;
using Microsoft.CodeAnalysis;

namespace RingTrace.Generators;

/// <summary>An enum whose names a schema carries.</summary>
/// <param name="Name">The full name, as the program spells it.</param>
/// <param name="IsFlags">Whether a value is a combination of members.</param>
/// <param name="Members">In the order of their declaration.</param>
/// <param name="Omitted">Members beyond what a schema carries.</param>
internal sealed record EnumModel(string Name, bool IsFlags, EquatableArray<EnumMemberModel> Members, int Omitted)
{
    /// <summary>As <c>RingTrace.EnumType.MaxMembers</c>.</summary>
    private const int MaxMembers = 1024;

    public static EnumModel Of(INamedTypeSymbol type)
    {
        EnumMemberModel[] all =
        [
            .. type.GetMembers().OfType<IFieldSymbol>().Where(member => member.HasConstantValue).Select(member =>
                new EnumMemberModel(member.Name, Convert.ToString(member.ConstantValue, CultureInfo.InvariantCulture))),
        ];
        return new EnumModel(
            type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat),
            type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == "System.FlagsAttribute"),
            new EquatableArray<EnumMemberModel>(all.Take(MaxMembers)),
            Math.Max(0, all.Length - MaxMembers));
    }
}

/// <summary>A member of an enum.</summary>
/// <param name="Name">As the program spells it.</param>
/// <param name="Value">In decimal.</param>
internal sealed record EnumMemberModel(string Name, string Value);
