using System.Globalization;

namespace Tarn.Configuration;

/// <summary>Where a value came from, in the order in which they override each other: a flag beats a variable beats the file beats the default.</summary>
/// <param name="Name">What a person looks for: <c>--listen-http</c>, <c>TARN_LISTEN_HTTP</c>, the path of the file, <c>default</c>.</param>
/// <param name="Line">The line in the file, from 1; null elsewhere.</param>
internal sealed record ConfigurationSource(string Name, long? Line = null)
{
    /// <summary>Nobody said anything.</summary>
    public static ConfigurationSource Default { get; } = new("default");

    /// <summary>Folder that relative paths of this source start from; null for the working folder.</summary>
    public string? Folder { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Line is { } line ? $"{Name}:{line.ToString(CultureInfo.InvariantCulture)}" : Name;
}

/// <summary>What one source says about one key.</summary>
/// <param name="Texts">The value as written; a list has one text for each item.</param>
/// <param name="Source">Where it stands.</param>
internal sealed record ConfiguredText(IReadOnlyList<string> Texts, ConfigurationSource Source);

/// <summary>Something wrong with the configuration.</summary>
/// <param name="Source">Where.</param>
/// <param name="Text">What is wrong and what to do, without the place and without a full stop; a question ends with its mark.</param>
internal sealed record ConfigurationProblem(ConfigurationSource Source, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Source}: {Text}{(Text[^1] == '?' ? "" : ".")}";
}
