using Tarn.Core.Errors;

namespace Tarn.DuckDb;

/// <summary>
/// DuckDB refused or failed a statement. The message is DuckDB's own; <see cref="TarnException.Kind"/> is derived from
/// <see cref="Type"/>, or taken from the <see cref="TarnException"/> that a function in C# threw (the inner exception). An interrupted statement is an <see cref="OperationCanceledException"/> instead.
/// </summary>
public sealed class DuckDbException : TarnException
{
    internal DuckDbException(DuckDbErrorType type, string message, DuckDbErrorPosition? position, Exception? cause = null)
        : base((cause as TarnException)?.Kind ?? DuckDbErrors.KindOf(type, message), message, cause)
    {
        Type = type;
        Position = position;
    }

    /// <summary>DuckDB's classification.</summary>
    public DuckDbErrorType Type { get; }

    /// <summary>Where in the statement's text the error lies; null when DuckDB does not say.</summary>
    public DuckDbErrorPosition? Position { get; }

    /// <summary>The line in the statement, from 1; null when DuckDB does not say.</summary>
    public int? Line => Position?.Line;

    /// <summary>The column in the line, from 1, in UTF-16 units; null when DuckDB does not say.</summary>
    public int? Column => Position?.Column;

    /// <summary>True when a file could not be written because the disk is full.</summary>
    public bool IsDiskFull => Type == DuckDbErrorType.IO && DuckDbErrors.SaysDiskFull(Message);

    /// <summary>
    /// True when the whole database instance is unusable from now on: open another one. See <see cref="DuckDbDatabase.IsInvalidated"/>.
    /// </summary>
    public bool InvalidatesInstance => DuckDbErrors.InvalidatesInstance(Type, Message);
}
