using Tarn.Core.Errors;

namespace Tarn.Configuration;

/// <summary>
/// The configuration: for each key the value of the first source that has one, of flag, environment variable, file and default.
/// Everything that is wrong is found in one pass.
/// </summary>
internal sealed class TarnConfiguration
{
    private readonly Dictionary<ConfigurationKey, Resolved> _values = [];
    private readonly List<ConfigurationProblem> _problems = [];

    /// <summary>Everything that is wrong: first what the file holds, then variables, then single values.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>Absolute path of the file that was read, or null when there is none.</summary>
    public string? File { get; private init; }

    /// <summary>Reads a configuration. Wrong values are in <see cref="Problems"/>; their keys have the default.</summary>
    /// <exception cref="TarnException">A file that was named is missing or cannot be read.</exception>
    public static TarnConfiguration Load(ConfigurationInputs inputs)
    {
        string? path = FindFile(inputs);
        var file = path is null ? null : ConfigurationFile.Read(path);
        var configuration = new TarnConfiguration { File = path };
        configuration._problems.AddRange([.. file?.Problems ?? [], .. EnvironmentVariables.FindMistyped(inputs.Environment)]);
        foreach (var key in ConfigurationKeys.All)
        {
            configuration.Resolve(key, Flag(key, inputs.Flags)
                ?? EnvironmentVariables.Read(key, inputs.Environment)
                ?? file?.Values.GetValueOrDefault(key.Path));
        }

        configuration.CheckGroups();
        return configuration;
    }

    /// <summary>The value of a key; null or zero when it has none and no default.</summary>
    public T Get<T>(ConfigurationKey<T> key) => (T)(_values[key] is { Text: not null } set ? set.Value : key.ParseDefault())!;

    /// <summary>Whether some source sets the key.</summary>
    public bool IsSet(ConfigurationKey key) => _values[key].Text is not null;

    /// <summary>Where the value of a key comes from.</summary>
    public ConfigurationSource Source(ConfigurationKey key) => _values[key].Text?.Source ?? ConfigurationSource.Default;

    /// <summary>The value as one may print it: secrets are masked.</summary>
    public string Shown(ConfigurationKey key) => _values[key].Text is not { } text ? key.Default
        : key.IsSecret ? "********"
        : string.Join(",", text.Texts);

    /// <summary>Adds what is wrong between several keys.</summary>
    public void Add(ConfigurationKey key, string problem) => _problems.Add(new ConfigurationProblem(Source(key), $"{key.Path}: {problem}"));

    /// <summary>Ends the command when something is wrong.</summary>
    /// <exception cref="TarnException">InvalidRequest with one line for each problem.</exception>
    public void ThrowIfWrong()
    {
        if (_problems.Count == 1)
            throw TarnException.Invalid(_problems[0].ToString());
        // The file from top to bottom, then the rest as it was found.
        if (_problems.Count > 1)
            throw TarnException.Invalid($"{_problems.Count} things are wrong with the configuration:\n  {string.Join("\n  ", _problems.OrderBy(problem => problem.Source.Line ?? long.MaxValue))}");
    }

    // Who writes an endpoint and no bucket thinks that the lake is there.
    private void CheckGroups()
    {
        foreach (ConfigurationKey first in (ConfigurationKey[])[ConfigurationKeys.StorageBucket, ConfigurationKeys.CatalogRestUri, ConfigurationKeys.CatalogHiveUri])
        {
            string group = first.Path[..(first.Path.LastIndexOf('.') + 1)];
            foreach (var key in ConfigurationKeys.All.Where(key => !IsSet(first) && IsSet(key) && key.Path.StartsWith(group, StringComparison.Ordinal)))
                Add(key, $"does nothing without {first.Path}; set that, or remove this");
        }
    }

    private static string? FindFile(ConfigurationInputs inputs)
    {
        string? named = inputs.File ?? inputs.Environment.GetValueOrDefault(EnvironmentVariables.File);
        string path = Path.GetFullPath(string.IsNullOrEmpty(named) ? ConfigurationFile.Name : named, inputs.WorkingFolder);
        if (System.IO.File.Exists(path))
            return path;
        return string.IsNullOrEmpty(named) ? null
            : throw TarnException.NotFound($"There is no configuration file '{path}'; --config and {EnvironmentVariables.File} name one, without them ./{ConfigurationFile.Name} is read.");
    }

    private static ConfiguredText? Flag(ConfigurationKey key, IReadOnlyDictionary<string, string> flags) =>
        key.Flag is { } flag && flags.TryGetValue(flag, out string? text)
            ? new ConfiguredText(key.IsList ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text], new ConfigurationSource("--" + flag))
            : null;

    private void Resolve(ConfigurationKey key, ConfiguredText? text)
    {
        try
        {
            // Defaults are parsed when they are asked for: most commands ask for few keys.
            _values[key] = new Resolved(text, text is null ? null : key.Parse(text));
        }
        catch (FormatException error)
        {
            _values[key] = new Resolved(text, key.ParseDefault());
            _problems.Add(new ConfigurationProblem(text!.Source, $"{key.Path}: {error.Message}"));
        }
    }

    private sealed record Resolved(ConfiguredText? Text, object? Value);
}
