namespace Tarn.Synthetic;

/// <summary>How many rows got which defect.</summary>
public sealed class PlantedDefects
{
    private readonly long[] _counts = new long[Enum.GetValues<DefectKind>().Length];

    /// <summary>The number of rows with this defect; for <see cref="DefectKind.None"/> the number of clean rows.</summary>
    public long this[DefectKind kind] => _counts[(int)kind];

    /// <summary>The number of rows with any defect.</summary>
    public long Total => Rows - _counts[0];

    /// <summary>The number of rows, clean ones included.</summary>
    public long Rows => _counts.Sum();

    /// <summary>Every kind of defect with its count, clean rows left out.</summary>
    public IEnumerable<KeyValuePair<DefectKind, long>> Counts
        => Enum.GetValues<DefectKind>().Skip(1).Select(k => KeyValuePair.Create(k, this[k]));

    internal void Count(DefectKind kind) => _counts[(int)kind]++;

    internal void Add(PlantedDefects others)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += others._counts[i];
        }
    }
}
