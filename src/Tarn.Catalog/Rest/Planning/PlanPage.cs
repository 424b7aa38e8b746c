using Tarn.Iceberg.Scanning;

namespace Tarn.Catalog.Rest.Planning;

/// <summary>Files of a plan that are answered together.</summary>
/// <param name="Number">0 for the first.</param>
/// <param name="Tasks">The files.</param>
/// <param name="HasNext">Whether there are more.</param>
internal sealed record PlanPage(int Number, IReadOnlyList<FileScanTask> Tasks, bool HasNext);
