using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Lexing;
using Tarn.Engine.Types;

namespace Tarn.Engine.Planning.ForeignViews;

/// <summary>
/// upper and lower, which differ in few letters: Spark maps whole texts (ß to SS, the last sigma of a word), Trino and the engine single characters, each by
/// its version of Unicode. Texts of letters that all map alike are mapped; any other ends the query with an error.
/// </summary>
internal static class ForeignViewLetters
{
    // ASCII, Latin-1 without ß, Latin Extended-A without İ and ŉ, the Cyrillic of Unicode 1.1, and the scripts of China, Japan and Korea, which have no case.
    private const string Others = @"[^\x{0}-\x{DE}\x{E0}-\x{12F}\x{131}-\x{148}\x{14A}-\x{17F}\x{401}-\x{44F}\x{451}-\x{45C}\x{3000}-\x{9FFF}\x{AC00}-\x{D7A3}]";

    /// <summary>The query with each call of upper and lower guarded.</summary>
    public static string Guard(ForeignView view, string body, DuckDbConnection connection)
    {
        using var tree = ParseTree.Serialize(body, connection);
        var calls = new Dictionary<int, string>();
        Collect(tree.RootElement.GetProperty("statements"), new TextOffsets(body), calls);
        if (calls.Count == 0)
            return body;
        var edits = new TextEdits(body);
        var tokens = SqlLexer.Tokenize(SqlText.Of(body));
        foreach (var (offset, name) in calls)
        {
            int open = ReferenceExtent.IndexAt(tokens, offset) + 1;
            edits.Replace(offset, tokens[open].End, "(list_transform([");
            edits.Replace(tokens[Close(tokens, open)].Offset, tokens[Close(tokens, open)].End, $"], lambda __tarn_letters: {Guarded(view, name)})[1])");
        }

        return edits.Apply().Text;
    }

    private static string Guarded(ForeignView view, string name)
    {
        string message = EngineSql.String($"View '{view.Name}' is written for {view.Dialect} and takes {name}(…) of a text with letters that may be mapped differently here: ");
        return $"CASE WHEN regexp_matches(__tarn_letters, {EngineSql.String(Others)}) THEN error({message} || __tarn_letters) ELSE {name}(__tarn_letters) END";
    }

    private static int Close(IReadOnlyList<Token> tokens, int open)
    {
        int depth = 0, i = open;
        do
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            i++;
        }
        while (depth > 0);
        return i - 1;
    }

    private static void Collect(JsonElement node, TextOffsets offsets, Dictionary<int, string> calls)
    {
        EngineJson.RequireStack();
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
                Collect(item, offsets, calls);
        }
        else if (node.ValueKind == JsonValueKind.Object)
        {
            if (node.TryGetProperty("function_name", out var function) && function.GetString()!.ToLowerInvariant() is "upper" or "lower")
                calls[offsets.Of(node)] = function.GetString()!.ToLowerInvariant();
            foreach (var property in node.EnumerateObject())
                Collect(property.Value, offsets, calls);
        }
    }
}
