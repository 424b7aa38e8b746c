using System.Globalization;

namespace Tarn.DuckDb.Profiling;

/// <summary>
/// One operator of an executed plan with what it measured; the root is the whole statement. See
/// <see href="https://duckdb.org/docs/stable/dev/profiling">profiling</see> for the metrics.
/// </summary>
/// <param name="Metrics">By DuckDB's upper-case name: OPERATOR_NAME, OPERATOR_TIMING, OPERATOR_CARDINALITY, EXTRA_INFO, …</param>
/// <param name="Children">The operators that feed this one.</param>
public sealed record DuckDbProfileNode(IReadOnlyDictionary<string, string> Metrics, IReadOnlyList<DuckDbProfileNode> Children)
{
    /// <summary>The kind of operator, such as <c>TABLE_SCAN</c>; empty for the root.</summary>
    public string OperatorType => Metrics.GetValueOrDefault("OPERATOR_TYPE", "");

    /// <summary>The name of the operator, such as <c>PARQUET_SCAN</c>; empty for the root.</summary>
    public string OperatorName => Metrics.GetValueOrDefault("OPERATOR_NAME", "");

    /// <summary>A metric as a number; null when it was not measured.</summary>
    public double? Number(string metric) =>
        Metrics.TryGetValue(metric, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>This node and all below it, parents first.</summary>
    public IEnumerable<DuckDbProfileNode> Descend() => Children.SelectMany(child => child.Descend()).Prepend(this);
}
