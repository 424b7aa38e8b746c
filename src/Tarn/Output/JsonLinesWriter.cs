using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonLinesWriter(IReadOnlyList<ResultColumn> columns, TextWriter to) : ResultWriter(columns)
{
    private readonly JsonRow _row = new(columns);

    /// <inheritdoc/>
    public override void Begin()
    {
    }

    /// <inheritdoc/>
    public override void Write(ResultBatch batch)
    {
        for (int row = 0; row < batch.RowCount; row++)
        {
            _row.Write(to, batch, row);
            to.Write('\n');
        }
    }

    /// <inheritdoc/>
    public override void End()
    {
    }
}
