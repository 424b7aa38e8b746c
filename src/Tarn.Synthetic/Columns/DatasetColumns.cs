using System.Collections.Concurrent;
using Tarn.Synthetic.Rows;

namespace Tarn.Synthetic.Columns;

/// <summary>Reads a dataset from its first row to its last, as blocks of columns. <see cref="Next"/> is for one thread at a time.</summary>
public sealed class DatasetColumns
{
    private readonly RowGenerator _generator;
    private readonly long _rows;
    private readonly int _rowsPerBlock;
    private readonly ConcurrentBag<DatasetBlock> _free = [];

    internal DatasetColumns(RowGenerator generator, long rows, int rowsPerBlock)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rowsPerBlock);
        _generator = generator;
        _rows = rows;
        _rowsPerBlock = (int)Math.Min(rowsPerBlock, rows);
        var withDefects = generator.PlantedKinds(rows).Where(generator.DefectColumns.ContainsKey).Select(kind => generator.DefectColumns[kind]).ToHashSet();
        Columns = [.. generator.Columns.Select(c => withDefects.Contains(c.Name) ? c with { SqlType = "VARCHAR" } : c)];
    }

    /// <summary>The columns of the dataset; those with planted defects are VARCHAR, because their values fit no other type.</summary>
    public IReadOnlyList<DatasetColumn> Columns { get; }

    /// <summary>The rows that the blocks held so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>The defects planted in these rows.</summary>
    public PlantedDefects Defects { get; } = new();

    /// <summary>The next rows, as many as were asked for but in the last block; null when there are no more.</summary>
    public DatasetBlock? Next()
    {
        if (RowCount == _rows)
        {
            return null;
        }
        var block = _free.TryTake(out var free) ? free : new DatasetBlock(Columns, _rowsPerBlock);
        block.Fill(_generator, RowCount, (int)Math.Min(_rowsPerBlock, _rows - RowCount), Defects);
        RowCount += block.RowCount;
        return block;
    }

    /// <summary>Takes a block back, on any thread. Its columns are not to be looked at afterwards.</summary>
    public void Return(DatasetBlock block) => _free.Add(block);
}
