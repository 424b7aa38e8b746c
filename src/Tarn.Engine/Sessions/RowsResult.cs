using System.Runtime.CompilerServices;
using Tarn.DuckDb.Types;

namespace Tarn.Engine.Sessions;

/// <summary>Rows that a statement made itself, e.g. of SHOW TABLES; or, without columns, just a word and a count.</summary>
internal sealed class RowsResult(string tag, IReadOnlyList<ResultColumn> columns, IReadOnlyList<object?[]> rows) : StatementResult
{
    /// <summary>The answer of a statement without rows.</summary>
    public static RowsResult Done(string tag, long? affectedRows = null, params IReadOnlyList<string> notices) => new(tag, [], []) { Affected = affectedRows, NoticeList = notices };

    /// <summary>Rows of text columns.</summary>
    public static RowsResult OfText(string tag, IReadOnlyList<string> columns, IEnumerable<string?[]> rows) =>
        new(tag, [.. columns.Select(c => new ResultColumn(c, DuckDbType.Of(DuckDbTypeId.Varchar)))], [.. rows]);

    /// <inheritdoc/>
    public override string Tag => tag;

    /// <inheritdoc/>
    public override long? AffectedRows => Affected;

    /// <inheritdoc/>
    public override IReadOnlyList<ResultColumn> Columns => columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => NoticeList;

    private long? Affected { get; init; }

    private IReadOnlyList<string> NoticeList { get; init; } = [];

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ResultBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        if (rows.Count > 0)
            yield return new RowsBatch(rows);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
