namespace Tarn.Configuration;

/// <summary>A key of the configuration, as data: the file, the environment, the flags, <c>tarn config</c> and the document all read it.</summary>
/// <param name="path">Words joined by dots, e.g. <c>listen.http</c>; <c>_</c> joins words inside of one.</param>
/// <param name="description">One line, without a full stop.</param>
internal abstract class ConfigurationKey(string path, string description)
{
    /// <summary>Path in the file.</summary>
    public string Path { get; } = path;

    /// <summary>What it means, one line.</summary>
    public string Description { get; } = description;

    /// <summary>The environment variable of the same meaning.</summary>
    public string Variable { get; } = "TARN_" + path.Replace('.', '_').ToUpperInvariant();

    /// <summary>Name of the flag without dashes, or null where there is none.</summary>
    public string? Flag { get; init; }

    /// <summary>What stands for the value in help and in the document, e.g. <c>HOST:PORT</c>.</summary>
    public required string Form { get; init; }

    /// <summary>The default as one would write it; empty when there is none.</summary>
    public string Default { get; init; } = "";

    /// <summary>A list in the file, separated by commas elsewhere.</summary>
    public bool IsList { get; init; }

    /// <summary>Never printed.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Reads what a source says.</summary>
    /// <exception cref="FormatException">It is not of the form; the message says what is wanted, without a full stop.</exception>
    public abstract object? Parse(ConfiguredText text);

    /// <summary>The value when no source says anything.</summary>
    public abstract object? ParseDefault();
}

/// <summary>A key whose values are of one type.</summary>
/// <param name="path">As for the base class.</param>
/// <param name="description">As for the base class.</param>
/// <param name="parse">Reads the texts of a source; throws <see cref="FormatException"/>.</param>
internal sealed class ConfigurationKey<T>(string path, string description, Func<ConfiguredText, T> parse) : ConfigurationKey(path, description)
{
    /// <inheritdoc/>
    public override object? Parse(ConfiguredText text) => parse(text);

    /// <inheritdoc/>
    public override object? ParseDefault() => Default.Length > 0 ? parse(new ConfiguredText(IsList ? Default.Split(',') : [Default], ConfigurationSource.Default))
        : IsList ? parse(new ConfiguredText([], ConfigurationSource.Default))
        : default(T);
}
