namespace Tarn.Configuration;

/// <summary>What a configuration is read from.</summary>
internal sealed record ConfigurationInputs
{
    /// <summary>Working folder: holds <c>tarn.yaml</c> when no file is named.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The file that <c>--config</c> names, or null.</summary>
    public string? File { get; init; }

    /// <summary>Variables that begin with <c>TARN_</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of flags by the name of the flag without dashes.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();
}
