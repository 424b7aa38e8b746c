using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Planning;
using Tarn.Engine.Types;

namespace Tarn.Engine.Execution;

/// <summary>Finds the data file behind an error of the engine: damage within a page shows itself only as bytes that do not decode, often without a name.</summary>
internal static class DamagedFiles
{
    /// <summary>The error with the file that causes it, or as it is.</summary>
    public static Exception Explain(DuckDbException error, EngineInstance instance, PlannedQuery planned)
    {
        var suspects = Suspects(error, planned);
        if (suspects.Count == 0)
            return error;
        using var connection = instance.Connect();
        foreach (var (location, path) in suspects)
        {
            if (Failure(connection, path) is { } failure)
                return TarnException.Corrupted($"Data file '{location}' is damaged: '{path}' does not decode ({failure.Message}). Restore the file, or go back to a snapshot without it.", error);
        }

        return error;
    }

    // The file that the error names; without one, each that the query reads, when the error is of a kind that damage shows itself as.
    private static IReadOnlyList<(string Location, string Path)> Suspects(DuckDbException error, PlannedQuery planned)
    {
        if (error.Message.Contains(".parquet", StringComparison.Ordinal))
            return [.. planned.Files.Where(f => error.Message.Contains(f.Path, StringComparison.Ordinal))];
        return error.Type is DuckDbErrorType.Invalid or DuckDbErrorType.IO or DuckDbErrorType.Serialization or DuckDbErrorType.DataCorruption ? planned.Files : [];
    }

    // Hashing whole rows decodes every page; this is done once, for a query that failed already.
    private static DuckDbException? Failure(DuckDbConnection connection, string path)
    {
        try
        {
            connection.Execute($"SELECT bit_xor(hash(file)) FROM read_parquet({EngineSql.String(path)}, hive_partitioning = false) AS file");
            return null;
        }
        catch (DuckDbException error)
        {
            return error;
        }
    }
}
