using Tarn.Core.Errors;
using Tarn.Synthetic.Activity;
using Tarn.Synthetic.Columns;
using Tarn.Synthetic.Rows;
using Tarn.Synthetic.Sales;
using Tarn.Synthetic.Sensors;

namespace Tarn.Synthetic;

/// <summary>
/// A generated dataset: the same name, number of rows, seed and share of dirty rows give the same bytes, on every machine and with any
/// parallelism. Rows are made while they are written; memory does not grow with their number.
/// </summary>
public sealed class Dataset
{
    // Two events a second reach the year 3500: beyond that, dates no longer have four digits.
    internal const long MaxRowCount = 100_000_000_000;

    private readonly RowGenerator _generator;

    private Dataset(string name, long rows, double dirtyFraction, Func<RowGenerator> generator)
    {
        if (rows is < 1 or > MaxRowCount)
        {
            throw TarnException.Invalid($"a dataset of {rows} rows cannot be made: ask for 1 to {MaxRowCount} rows");
        }
        if (!(dirtyFraction is >= 0 and <= 0.5))
        {
            throw TarnException.Invalid($"{dirtyFraction:P1} dirty rows cannot be made: ask for 0 % to 50 %");
        }
        Name = name;
        RowCount = rows;
        _generator = generator();
    }

    /// <summary>The names that <see cref="Named"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = ["sales", "activity", "sensors"];

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The number of rows it writes, duplicates included.</summary>
    public long RowCount { get; }

    /// <summary>Its columns, in the order in which they are written.</summary>
    public IReadOnlyList<DatasetColumn> Columns => _generator.Columns;

    /// <summary>The columns that together tell rows apart; duplicates repeat them.</summary>
    public IReadOnlyList<string> KeyColumns => _generator.KeyColumns;

    /// <summary>The column that each kind of defect hits, for every kind but <see cref="DefectKind.Duplicate"/>, which hits the whole row.</summary>
    public IReadOnlyDictionary<DefectKind, string> DefectColumns => _generator.DefectColumns;

    /// <summary>A year of sales (2025): order lines in order of time, with seasons, a weekly rhythm, skewed customers and products, and returns.</summary>
    /// <param name="rows">Rows to write, 1 to 100,000,000,000.</param>
    /// <param name="seed">Another seed gives other data of the same shape.</param>
    /// <param name="dirtyFraction">The share of rows with a defect, 0 to 0.5.</param>
    public static Dataset Sales(long rows, ulong seed = 1, double dirtyFraction = 0)
        => new("sales", rows, dirtyFraction, () => new SalesGenerator(rows, seed, dirtyFraction, lateDay: false));

    /// <summary>
    /// The sales of the day after the year of <see cref="Sales"/> with the same seed: the same customers and products, later order numbers, and a new last
    /// column <c>loyalty_tier</c>.
    /// </summary>
    /// <inheritdoc cref="Sales"/>
    public static Dataset SalesLateDay(long rows, ulong seed = 1, double dirtyFraction = 0)
        => new("sales-late-day", rows, dirtyFraction, () => new SalesGenerator(rows, seed, dirtyFraction, lateDay: true));

    /// <summary>Events of visitors of a shop from 2025-01-01 on, in order of time, about two a second: sessions with pages, devices and referrers.</summary>
    /// <inheritdoc cref="Sales"/>
    public static Dataset Activity(long rows, ulong seed = 1, double dirtyFraction = 0)
        => new("activity", rows, dirtyFraction, () => new ActivityGenerator(seed, dirtyFraction));

    /// <summary>Readings of sensors from 2025-01-01 on, one a minute from each, in order of time: drift, daily cycles, gaps and anomalies.</summary>
    /// <inheritdoc cref="Sales"/>
    public static Dataset Sensors(long rows, ulong seed = 1, double dirtyFraction = 0)
        => new("sensors", rows, dirtyFraction, () => new SensorGenerator(rows, seed, dirtyFraction));

    /// <summary>The dataset of that name.</summary>
    /// <exception cref="TarnException"><see cref="ErrorKind.InvalidRequest"/>: no dataset has this name.</exception>
    /// <inheritdoc cref="Sales"/>
    public static Dataset Named(string name, long rows, ulong seed = 1, double dirtyFraction = 0) => name switch
    {
        "sales" => Sales(rows, seed, dirtyFraction),
        "activity" => Activity(rows, seed, dirtyFraction),
        "sensors" => Sensors(rows, seed, dirtyFraction),
        _ => throw TarnException.Invalid($"no dataset is called '{name}': choose one of {string.Join(", ", Names)}"),
    };

    /// <summary>Writes all rows to the stream, which stays open.</summary>
    /// <returns>What was written, with the exact number of planted defects.</returns>
    public Task<DatasetSummary> WriteAsync(Stream target, DatasetFormat format, DatasetWriteOptions? options = null, CancellationToken cancellationToken = default)
        => new BlockPipeline(_generator, RowCount, format, options ?? new DatasetWriteOptions()).WriteAsync(target, cancellationToken);

    /// <summary>Writes CSV: see <see cref="DatasetFormat.Csv"/>.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<DatasetSummary> WriteCsvAsync(Stream target, DatasetWriteOptions? options = null, CancellationToken cancellationToken = default)
        => WriteAsync(target, DatasetFormat.Csv, options, cancellationToken);

    /// <summary>Writes NDJSON: see <see cref="DatasetFormat.Ndjson"/>.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public Task<DatasetSummary> WriteNdjsonAsync(Stream target, DatasetWriteOptions? options = null, CancellationToken cancellationToken = default)
        => WriteAsync(target, DatasetFormat.Ndjson, options, cancellationToken);

    /// <summary>Reads all rows as blocks of columns, for a format that stores columns.</summary>
    /// <param name="rowsPerBlock">Rows of each block but the last, at least 1. A row takes about 200 bytes.</param>
    public DatasetColumns ReadColumns(int rowsPerBlock) => new(_generator, RowCount, rowsPerBlock);

    /// <summary>The number of defects that a write plants, without writing.</summary>
    public PlantedDefects CountDefects()
    {
        var planted = new PlantedDefects();
        for (var row = 0L; row < RowCount; row++)
        {
            planted.Count(_generator.DefectOf(row));
        }
        return planted;
    }
}
