namespace Tarn.CommandLine;

/// <summary>The options that every command has.</summary>
internal static class SharedOptions
{
    public static OptionSpec Data { get; } = new("data", "DIR", "data folder (default: TARN_DATA, else ./tarn-data)");

    public static OptionSpec Format { get; } = new("format", "FORMAT", "form of results: table, csv, json, ndjson or markdown (default: table)")
    {
        Choices = ["table", "csv", "json", "ndjson", "markdown"],
    };

    public static OptionSpec Map { get; } = new("map", "FROM=TO", "read locations that start with FROM at TO instead; the first match wins")
    {
        Repeatable = true,
    };

    public static OptionSpec WarehouseLocation { get; } =
        new("warehouse-location", "URI", "a new lake records its files below this location, e.g. file:///srv/lake (default: s3://lake)");

    public static OptionSpec Branch { get; } = new("branch", "BRANCH", "work on this branch of the lake (default: main)");

    public static OptionSpec Config { get; } = new("config", "FILE", "configuration (default: TARN_CONFIG, else ./tarn.yaml where there is one)");

    public static OptionSpec Help { get; } = new("help", null, "show this help") { Letter = 'h' };

    /// <summary>In the order of help.</summary>
    public static IReadOnlyList<OptionSpec> All { get; } = [Data, Format, Branch, Map, WarehouseLocation, Config, Help];
}
