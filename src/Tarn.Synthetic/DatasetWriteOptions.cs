namespace Tarn.Synthetic;

/// <summary>How a dataset is written. None of it changes which rows there are.</summary>
public sealed record DatasetWriteOptions
{
    /// <summary>Compress with gzip. Default: no.</summary>
    public bool Gzip { get; init; }

    /// <summary>Blocks of rows generated at the same time, at least 1. Default: one for each processor.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Told the number of rows written so far, after each block (4,096 rows). Default: nobody.</summary>
    public IProgress<long>? Progress { get; init; }
}
