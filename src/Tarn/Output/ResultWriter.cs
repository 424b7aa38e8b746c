using Tarn.Engine.Sessions;
using Tarn.Terminal;

namespace Tarn.Output;

/// <summary>Writes the rows of one result in one form, as they come.</summary>
internal abstract class ResultWriter(IReadOnlyList<ResultColumn> columns)
{
    /// <summary>Columns of the result; at least one.</summary>
    protected IReadOnlyList<ResultColumn> Columns { get; } = columns;

    /// <summary>Before the first row.</summary>
    public abstract void Begin();

    /// <summary>The next rows.</summary>
    public abstract void Write(ResultBatch batch);

    /// <summary>Writes what it holds back: the next rows may be long in coming.</summary>
    public virtual void CatchUp()
    {
    }

    /// <summary>After the last row.</summary>
    public abstract void End();

    /// <summary>A writer for a result.</summary>
    /// <param name="format">One of the values of <c>--format</c>.</param>
    /// <param name="columns">Columns of the result.</param>
    /// <param name="streams">Rows go to its output; what had to be left out is said on its error stream.</param>
    /// <param name="expanded">For people: one line for each value instead of one for each row.</param>
    public static ResultWriter Create(string format, IReadOnlyList<ResultColumn> columns, Streams streams, bool expanded = false) => format switch
    {
        "csv" => new CsvWriter(columns, streams.Out),
        "json" => new JsonArrayWriter(columns, streams.Out),
        "ndjson" => new JsonLinesWriter(columns, streams.Out),
        "markdown" => new MarkdownWriter(columns, streams.Out),
        _ when expanded => new ExpandedWriter(columns, streams),
        _ => new TableWriter(columns, streams),
    };

    /// <summary>Writes all rows and answers their number.</summary>
    /// <param name="result">The rows.</param>
    /// <param name="format">One of the values of <c>--format</c>.</param>
    /// <param name="streams">Where to.</param>
    /// <param name="expanded">For people: one line for each value instead of one for each row.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="isLive">Whether each batch is to be seen at once.</param>
    public static async Task<long> WriteAllAsync(StatementResult result, string format, Streams streams, bool expanded, CancellationToken cancellationToken, bool isLive = false)
    {
        if (result.Columns.Count == 0)
            return 0;
        var writer = Create(format, result.Columns, streams, expanded);
        long rows = 0;
        writer.Begin();
        await foreach (var batch in result.ReadBatchesAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write(batch);
            rows += batch.RowCount;
            if (!isLive)
                continue;
            writer.CatchUp();
            await streams.Out.FlushAsync(cancellationToken);
        }

        writer.End();
        await streams.Out.FlushAsync(cancellationToken);
        return rows;
    }
}
