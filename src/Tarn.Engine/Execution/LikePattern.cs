using System.Text.RegularExpressions;

namespace Tarn.Engine.Execution;

/// <summary>SQL's LIKE, for names.</summary>
internal static class LikePattern
{
    /// <summary>True when there is no pattern or the name matches it: <c>%</c> any text, <c>_</c> any character.</summary>
    public static bool Matches(string? pattern, string name)
    {
        if (pattern is null)
            return true;
        string regex = Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal);
        return Regex.IsMatch(name, $"^{regex}$", RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}
