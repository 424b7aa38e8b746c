using System.Text.RegularExpressions;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql.Queries;

namespace Tarn.Engine.Execution;

/// <summary>Turns errors of the engine into errors about the text that the user wrote.</summary>
internal static partial class EngineErrors
{
    /// <summary>The error with the user's line and column, and without names that only exist inside.</summary>
    /// <param name="error">The engine's error.</param>
    /// <param name="bound">The query that the engine was given.</param>
    /// <param name="query">The same as the user wrote it.</param>
    /// <param name="prefixLength">Characters before the query in the engine's statement.</param>
    public static TarnException Translate(DuckDbException error, BoundQuery bound, QueryText query, int prefixLength = 0)
    {
        string message = FirstParagraph(error.Message);
        if (error.Type is not (DuckDbErrorType.Parser or DuckDbErrorType.Syntax or DuckDbErrorType.Binder or DuckDbErrorType.Catalog))
            return error;
        // Behind the query stand the target and its options, which the user wrote elsewhere.
        if (error.Position is not { } position || position.Offset < prefixLength || position.Offset - prefixLength > bound.Sql.Length)
            return new TarnException(error.Kind, message, error);
        return query.ErrorAt(bound.OriginalOffset(position.Offset - prefixLength), message);
    }

    private static string FirstParagraph(string message)
    {
        int line = message.IndexOf("\n\nLINE ", StringComparison.Ordinal);
        string text = line < 0 ? message : message[..line];
        text = KindPrefix().Replace(text, "");
        return InternalNames().Replace(text, "");
    }

    [GeneratedRegex("^(Binder|Parser|Catalog|Syntax) Error: ")]
    private static partial Regex KindPrefix();

    [GeneratedRegex("__tarn_(scan|view|c)_?[0-9_]*\\.?")]
    private static partial Regex InternalNames();
}
