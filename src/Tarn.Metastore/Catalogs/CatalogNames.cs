using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Metastore.Catalogs;

/// <summary>Which names the catalog stores. They are stored as given; only what could not be written, read or shown again is refused.</summary>
internal static class CatalogNames
{
    private const int LimitChars = 255;
    private const string Reserved = "system";

    /// <exception cref="TarnException">InvalidRequest for the root or an impossible level.</exception>
    public static void Require(Namespace name)
    {
        if (name.IsRoot)
            throw TarnException.Invalid("The root is not a namespace of its own; give at least one level, e.g. 'sales'.");
        foreach (string level in name.Levels)
            Require(level, "Namespace", name.ToString());
    }

    /// <summary>A name for a namespace that is not there yet.</summary>
    /// <exception cref="TarnException">InvalidRequest as <see cref="Require(Namespace)"/>, for a name that no address can hold, and for the one that SQL has for its tables about the catalog.</exception>
    public static void RequireNew(Namespace name)
    {
        Require(name);
        RequireAddressable(name.Levels[^1], "Namespace", name.ToString());
        if (name.Levels[0].Equals(Reserved, StringComparison.OrdinalIgnoreCase))
            throw TarnException.Invalid($"Namespace '{name}' cannot be made: '{Reserved}' is reserved in every catalog. Choose another name.");
    }

    /// <exception cref="TarnException">InvalidRequest for a name without namespace or an impossible part.</exception>
    public static void Require(TableIdentifier name)
    {
        if (name.Namespace.IsRoot)
            throw TarnException.Invalid($"'{name.Name}' needs a namespace, e.g. 'sales.{name.Name}'.");
        Require(name.Namespace);
        Require(name.Name, "Name", name.ToString());
    }

    /// <summary>A name for a table or view that is not there yet.</summary>
    /// <exception cref="TarnException">InvalidRequest as <see cref="Require(TableIdentifier)"/>, and for a name that no address can hold.</exception>
    public static void RequireNew(TableIdentifier name)
    {
        Require(name);
        RequireAddressable(name.Name, "Name", name.ToString());
    }

    /// <summary>A name as part of a location: ASCII letters, digits and a few signs stay, everything else becomes an underscore, for not every client can do with other letters.</summary>
    public static string ForLocation(string name)
    {
        const int limit = 60; // stays below the 255 that file systems allow, id included
        var text = new StringBuilder();
        foreach (Rune rune in name.EnumerateRunes().Take(limit))
        {
            bool isKept = (rune.IsAscii && Rune.IsLetterOrDigit(rune)) || rune.Value is '_' or '-' or '=' || (rune.Value == '.' && text.Length > 0);
            text.Append(isKept ? rune.ToString() : "_");
        }

        return text.ToString().TrimEnd('.') is { Length: > 0 } kept ? kept : "_";
    }

    // RFC 3986, 5.2.4: such segments are taken out of a path, encoded or not.
    private static void RequireAddressable(string part, string what, string whole)
    {
        if (part is "." or "..")
            throw TarnException.Invalid($"{what} '{whole}' cannot be made: '{part}' is a step in a path, which clients take out of addresses, so that nobody could load or drop it over REST. Choose another name.");
    }

    private static void Require(string part, string what, string whole)
    {
        if (part.Length is 0 or > LimitChars)
            throw TarnException.Invalid($"{what} '{whole}' has a part of {part.Length} characters; each part has 1 to {LimitChars}.");
        foreach (Rune rune in part.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
                throw TarnException.Invalid($"{what} '{whole}' has a part with the character U+{rune.Value:X4}, which names cannot hold.");
        }
    }
}
