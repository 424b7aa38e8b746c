using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Core.Storage;

namespace Tarn.Composition;

/// <summary>Which lake, and how its locations are read.</summary>
internal sealed record LakeOptions
{
    /// <summary>The environment variable that names the data folder.</summary>
    public const string DataVariable = "TARN_DATA";

    /// <summary>The data folder when nobody names one.</summary>
    public const string DefaultData = "tarn-data";

    /// <summary>Absolute path of the data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>What the command needs of the folder.</summary>
    public LakeAccess Access { get; init; }

    /// <summary>Pairs of <c>--map</c>, then those of <c>tarn.yaml</c>, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>Where a new lake records its files, or null for the default.</summary>
    public string? WarehouseLocation { get; init; }

    /// <summary>Reads the shared options, the environment and <c>tarn.yaml</c>.</summary>
    /// <exception cref="UsageException">A value is malformed.</exception>
    public static LakeOptions Of(ParsedCommand words)
    {
        string? data = words.Value(SharedOptions.Data.Name) ?? Environment.GetEnvironmentVariable(DataVariable);
        return new LakeOptions
        {
            DataFolder = Path.GetFullPath(string.IsNullOrEmpty(data) ? DefaultData : data),
            Map = [.. words.Values(SharedOptions.Map.Name).Select(ParseMap), .. ConfigurationFile.ReadMap(Environment.CurrentDirectory)],
            WarehouseLocation = words.Value(SharedOptions.WarehouseLocation.Name),
        };
    }

    private static KeyValuePair<string, string> ParseMap(string text)
    {
        try
        {
            return LocationMap.ParsePrefix(text);
        }
        catch (TarnException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
