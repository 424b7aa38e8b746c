using Tarn.Core.Caching;
using Tarn.DuckDb;

namespace Tarn.Engine.Planning;

/// <summary>
/// Parse trees of a session by text: what is asked again and again is parsed once. Settings change how the engine parses, so a session that sets one
/// forgets its trees.
/// </summary>
internal sealed class ParseTreeCache
{
    private const int MaxEntries = 128;
    private const int MaxTextLength = 64 * 1024;

    private readonly ForgetfulCache<string, ParseTree> trees = new(MaxEntries);

    /// <summary>The tree of a query.</summary>
    public ParseTree Parse(string query, DuckDbConnection connection)
    {
        if (trees.TryGet(query, out var known))
            return known;
        var tree = ParseTree.Of(query, connection);
        if (query.Length <= MaxTextLength)
            trees.Set(query, tree);
        return tree;
    }

    /// <summary>Forgets all trees.</summary>
    public void Clear() => trees.Clear();
}
