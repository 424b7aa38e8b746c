using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Profiling;

namespace Tarn.DuckDb;

public sealed unsafe partial class DuckDbConnection
{
    /// <summary>Measures every following statement of this connection, until <see cref="DisableProfiling"/>.</summary>
    public void EnableProfiling() => Execute("SET enable_profiling = 'no_output'; SET profiling_mode = 'detailed'");

    /// <summary>Stops measuring.</summary>
    public void DisableProfiling() => Execute("PRAGMA disable_profiling");

    /// <summary>What the last statement measured; null when profiling is off. A streamed statement must have been read to its end.</summary>
    public DuckDbProfileNode? Profile()
    {
        var root = NativeMethods.duckdb_get_profiling_info(Handle);
        return root == 0 ? null : ReadProfile(root);
    }

    private static DuckDbProfileNode ReadProfile(nint node)
    {
        var children = new DuckDbProfileNode[NativeMethods.duckdb_profiling_info_get_child_count(node)];
        for (var i = 0; i < children.Length; i++)
            children[i] = ReadProfile(NativeMethods.duckdb_profiling_info_get_child(node, (ulong)i));
        return new DuckDbProfileNode(ReadMetrics(node), children);
    }

    private static Dictionary<string, string> ReadMetrics(nint node)
    {
        using var metrics = new ValueHandle(NativeMethods.duckdb_profiling_info_get_metrics(node));
        var pairs = (KeyValuePair<object, object?>[]?)ValueReader.Read(metrics) ?? [];
        return pairs.ToDictionary(pair => (string)pair.Key, pair => pair.Value as string ?? "");
    }
}
