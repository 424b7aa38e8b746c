using Tarn.Engine.Parquet;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>A data file ready to be read: where it lies and what its footer says.</summary>
/// <param name="File">The file as the manifest lists it.</param>
/// <param name="Spec">Partition spec of <see cref="DataFile.Partition"/>.</param>
/// <param name="Path">Local path.</param>
/// <param name="Footer">Its footer.</param>
internal sealed record ScanFile(DataFile File, PartitionSpec Spec, string Path, ParquetFooter Footer);
