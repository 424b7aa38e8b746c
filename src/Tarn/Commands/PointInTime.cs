using System.Globalization;
using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Spec;

namespace Tarn.Commands;

/// <summary>A state of a table, as <c>--at</c>, <c>--to</c> and <c>diff</c> name it: a snapshot id, a time, or a branch or tag.</summary>
internal sealed record PointInTime(string Typed, long? SnapshotId, DateTimeOffset? Time)
{
    /// <summary>The word for the state before the current one, where no branch or tag has this name.</summary>
    public const string Previous = "previous";

    /// <summary>Reads a word: digits are a snapshot id, what reads as a date is a time in UTC unless it says otherwise, the rest is a reference.</summary>
    /// <exception cref="UsageException">It is empty.</exception>
    public static PointInTime Parse(string text)
    {
        if (text.Length == 0)
            throw new UsageException("a snapshot is missing: give its id, a time, a branch or a tag");
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            return new PointInTime(text, id, null);
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        bool looksLikeTime = text.Length >= 10 && char.IsAsciiDigit(text[0]) && text[4] == '-';
        return looksLikeTime && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var time)
            ? new PointInTime(text, null, time)
            : new PointInTime(text, null, null);
    }

    /// <summary>What follows the table in a query.</summary>
    public string Sql => SnapshotId is { } id ? $" FOR VERSION AS OF {id.ToString(CultureInfo.InvariantCulture)}"
        : Time is { } time ? $" FOR TIMESTAMP AS OF TIMESTAMP '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)} UTC'"
        : $" FOR VERSION AS OF {SqlPrinter.QuoteLiteral(Typed)}";

    /// <summary>The snapshot of a table that is meant.</summary>
    /// <exception cref="TarnException">NotFound: the table has no such state.</exception>
    public Snapshot Resolve(TableMetadata metadata, string table)
    {
        Snapshot? found = SnapshotId is { } id ? metadata.FindSnapshot(id)
            : Time is { } time ? CurrentAt(metadata, time.ToUnixTimeMilliseconds())
            : metadata.Refs.TryGetValue(Typed, out var reference) ? metadata.FindSnapshot(reference.SnapshotId)
            : Typed == Previous ? Before(metadata)
            : null;
        return found ?? throw TarnException.NotFound(Typed == Previous
            ? $"Table {table} has no state before the current one. 'tarn history {table}' lists what it has."
            : $"Table {table} has no snapshot '{Typed}'. 'tarn history {table}' lists what it has.");
    }

    // What was current before by the log of the table, so that a rollback is undone as any other change; of a table without log, what its last change began with.
    private static Snapshot? Before(TableMetadata metadata) =>
        metadata.SnapshotLog.Reverse().Where(entry => entry.SnapshotId != metadata.CurrentSnapshotId).Select(entry => metadata.FindSnapshot(entry.SnapshotId)).FirstOrDefault(s => s is not null)
        ?? (metadata.CurrentSnapshot?.ParentSnapshotId is { } parent ? metadata.FindSnapshot(parent) : null);

    private static Snapshot? CurrentAt(TableMetadata metadata, long milliseconds) =>
        metadata.SnapshotLog.LastOrDefault(entry => entry.TimestampMs <= milliseconds) is { } entry ? metadata.FindSnapshot(entry.SnapshotId) : null;
}
