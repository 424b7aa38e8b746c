namespace Tarn.Synthetic;

/// <summary>What a write has produced.</summary>
/// <param name="RowCount">Rows written, a CSV header not counted.</param>
/// <param name="SizeBytes">Bytes written to the stream, after compression.</param>
/// <param name="Defects">The defects planted in these rows.</param>
public sealed record DatasetSummary(long RowCount, long SizeBytes, PlantedDefects Defects);
