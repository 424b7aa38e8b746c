using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>One JSON array of objects, an object a line.</summary>
internal sealed class JsonArrayWriter(IReadOnlyList<ResultColumn> columns, TextWriter to) : ResultWriter(columns)
{
    private readonly JsonRow _row = new(columns);
    private bool _any;

    /// <inheritdoc/>
    public override void Begin() => to.Write('[');

    /// <inheritdoc/>
    public override void Write(ResultBatch batch)
    {
        for (int row = 0; row < batch.RowCount; row++)
        {
            to.Write(_any ? ",\n " : "");
            _any = true;
            _row.Write(to, batch, row);
        }
    }

    /// <inheritdoc/>
    public override void End() => to.Write("]\n");
}
