using System.Diagnostics.CodeAnalysis;
using Tarn.Core.Errors;

namespace Tarn.Metastore;

/// <summary>Which catalog: a warehouse on one of its branches, written <c>lake</c> or <c>lake@dev</c>.</summary>
/// <param name="Warehouse">Name of the warehouse.</param>
/// <param name="Branch">Name of the branch.</param>
public sealed record CatalogAddress(string Warehouse, string Branch)
{
    /// <summary>The warehouse that every store has.</summary>
    public const string DefaultWarehouse = "lake";

    /// <summary>The branch that every warehouse has.</summary>
    public const string MainBranch = "main";

    /// <summary>Stands between the name of a warehouse and that of a branch.</summary>
    public const char Separator = '@';

    private const int LimitChars = 128;

    /// <summary>The main branch of the default warehouse.</summary>
    public static CatalogAddress Default { get; } = new(DefaultWarehouse, MainBranch);

    /// <summary>True for the branch that a name without branch means.</summary>
    public bool IsMain => Branch == MainBranch;

    /// <summary>Reads <c>lake</c> or <c>lake@dev</c>; false when it is neither.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CatalogAddress? address)
    {
        int at = text.IndexOf(Separator, StringComparison.Ordinal);
        address = at < 0 ? new CatalogAddress(text, MainBranch) : new CatalogAddress(text[..at], text[(at + 1)..]);
        if (IsName(address.Warehouse) && IsName(address.Branch))
            return true;
        address = null;
        return false;
    }

    /// <exception cref="TarnException">InvalidRequest for a name that no warehouse and no branch can have.</exception>
    public static void RequireName(string name, string what)
    {
        if (!IsName(name))
            throw TarnException.Invalid($"'{name}' cannot be the name of a {what}: it has 1 to {LimitChars} letters, digits, '_', '-' and '.', and begins with a letter or digit.");
    }

    /// <summary><c>lake</c> on the main branch, else <c>lake@dev</c>.</summary>
    public override string ToString() => IsMain ? Warehouse : $"{Warehouse}{Separator}{Branch}";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LimitChars && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
