using Tarn.Synthetic.Chance;

namespace Tarn.Synthetic.Rows;

/// <summary>
/// Makes the rows of a dataset. Every row is a function of the seed and its index alone: blocks can be made in any order and at the
/// same time, and a late row costs no more than an early one.
/// </summary>
internal abstract class RowGenerator(ulong seed, double dirtyFraction)
{
    private readonly ulong _dirtyBelow = (ulong)(dirtyFraction * (1UL << 32));

    /// <summary>The columns, in order.</summary>
    public abstract IReadOnlyList<DatasetColumn> Columns { get; }

    /// <summary>The columns that together tell rows apart.</summary>
    public abstract IReadOnlyList<string> KeyColumns { get; }

    /// <summary>The column that each kind of defect hits; duplicates hit the whole row.</summary>
    public abstract IReadOnlyDictionary<DefectKind, string> DefectColumns { get; }

    protected ulong Seed => seed;

    /// <summary>Writes the rows from <paramref name="first"/> on and counts what was planted in them.</summary>
    public void WriteRows<TWriter>(scoped ref TWriter writer, long first, int count, PlantedDefects planted)
        where TWriter : struct, IRowWriter, allows ref struct
    {
        for (var row = first; row < first + count; row++)
        {
            var defect = DefectOf(row);
            planted.Count(defect);
            WriteRow(ref writer, SourceOf(row, defect), defect);
            writer.EndRow();
        }
    }

    /// <summary>The defect of a row. The first row is always clean, so that every duplicate has something to repeat.</summary>
    public DefectKind DefectOf(long row)
    {
        if (_dirtyBelow == 0 || row == 0)
        {
            return DefectKind.None;
        }
        var bits = Dice.Of(seed, Dice.Stream.Defect, row).Next();
        return (bits >> 32) < _dirtyBelow ? 1 + (DefectKind)((uint)bits % 7) : DefectKind.None;
    }

    /// <summary>The kinds of defects in the rows from the first on. Looks at no more rows than it takes to have seen all kinds.</summary>
    public IReadOnlySet<DefectKind> PlantedKinds(long rows)
    {
        var kinds = new HashSet<DefectKind>();
        for (var row = 0L; row < rows && _dirtyBelow > 0 && kinds.Count < DefectColumns.Count + 1; row++)
        {
            var defect = DefectOf(row);
            if (defect != DefectKind.None)
            {
                kinds.Add(defect);
            }
        }
        return kinds;
    }

    /// <summary>Writes the values of one row, one of them spoilt when it has a defect other than being a duplicate.</summary>
    protected abstract void WriteRow<TWriter>(scoped ref TWriter writer, long row, DefectKind defect)
        where TWriter : struct, IRowWriter, allows ref struct;

    // The row whose values stand in this row: itself, or for a duplicate the nearest clean row before it.
    private long SourceOf(long row, DefectKind defect)
    {
        if (defect == DefectKind.Duplicate)
        {
            do
            {
                row--;
            }
            while (DefectOf(row) != DefectKind.None);
        }
        return row;
    }
}
