namespace Tarn.Catalog.Hive.Protocol;

/// <summary>Names as Hive's clients send them.</summary>
internal static class HiveNames
{
    /// <summary>The one catalog (in Hive's sense: a group of databases) that there is.</summary>
    public const string Catalog = "hive";

    /// <summary>The database that every metastore has.</summary>
    public const string DefaultDatabase = "default";

    // MetaStoreUtils: "@catalog#database" in calls that are older than catalogs; "!" stands for an empty database.
    private const char CatalogMark = '@', DatabaseMark = '#';
    private const string EmptyDatabase = "!";

    /// <summary>The name of a database without the catalog that newer clients put before it.</summary>
    public static string Database(string? sent)
    {
        if (sent is not { Length: > 0 } || sent[0] != CatalogMark)
            return sent ?? "";
        int mark = sent.IndexOf(DatabaseMark, StringComparison.Ordinal);
        string name = mark < 0 ? "" : sent[(mark + 1)..];
        return name == EmptyDatabase ? "" : name;
    }

    /// <summary>Whether a new database or table may have the name: letters, digits and underscores, as Hive has it.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_');

    /// <summary>
    /// Whether a name fits a pattern: <c>*</c> and <c>.*</c> are any text, <c>.</c> any character, <c>|</c> separates alternatives, case does not
    /// count. Null and empty fit everything.
    /// </summary>
    public static bool Fits(string name, string? pattern) =>
        pattern is not { Length: > 0 } || pattern.Split('|').Any(p => FitsOne(name, p.Trim().Replace(".*", "*", StringComparison.Ordinal)));

    private static bool FitsOne(string name, string pattern)
    {
        int n = 0, p = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
                (star, resume, p) = (p, n, p + 1);
            else if (p < pattern.Length && (pattern[p] == '.' || char.ToLowerInvariant(pattern[p]) == char.ToLowerInvariant(name[n])))
                (n, p) = (n + 1, p + 1);
            else if (star >= 0)
                (p, n, resume) = (star + 1, resume + 1, resume + 1);
            else
                return false;
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
