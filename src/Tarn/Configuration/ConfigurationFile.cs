using System.Globalization;
using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tarn.Configuration;

/// <summary>Reads <c>tarn.yaml</c>: nested keys, one value or list each. Finds all that is wrong in one pass.</summary>
internal sealed class ConfigurationFile
{
    /// <summary>Name of the file in the working folder.</summary>
    public const string Name = "tarn.yaml";

    // A configuration is a page; anything larger is another file.
    private const long LimitBytes = 1024 * 1024;

    private readonly string _path;
    private readonly Dictionary<string, ConfiguredText> _values = new(StringComparer.Ordinal);
    private readonly List<ConfigurationProblem> _problems = [];

    private ConfigurationFile(string path) => _path = path;

    /// <summary>The values by the path of their key.</summary>
    public IReadOnlyDictionary<string, ConfiguredText> Values => _values;

    /// <summary>What is wrong, in the order of the lines.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Absolute path.</param>
    /// <exception cref="TarnException">It cannot be read.</exception>
    public static ConfigurationFile Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LimitBytes)
                throw TarnException.Invalid($"'{path}' is larger than 1 MiB: that is no configuration of Tarn. Name another file with --config.");
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(error, "Cannot read the configuration", path);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    public static ConfigurationFile Parse(string text, string path)
    {
        var file = new ConfigurationFile(path);
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            foreach (var document in yaml.Documents)
                file.ReadSection("", document.RootNode);
        }
        catch (YamlException error)
        {
            file.Add(error.Start, error.Message.TrimEnd('.'));
        }

        return file;
    }

    private void ReadSection(string prefix, YamlNode node)
    {
        if (IsEmpty(node))
            return;
        if (node is not YamlMappingNode mapping)
        {
            Add(node.Start, $"expected {(prefix.Length == 0 ? "keys" : $"keys below '{prefix.TrimEnd('.')}'")} ({string.Join(", ", Names(prefix))}), found {Shown(node)}");
            return;
        }

        foreach (var (key, value) in mapping.Children)
            ReadKey(prefix, key, value);
    }

    private void ReadKey(string prefix, YamlNode name, YamlNode value)
    {
        string path = prefix + ((name as YamlScalarNode)?.Value ?? "?");
        if (ConfigurationKeys.All.FirstOrDefault(key => key.Path == path) is { } found)
            ReadValue(found, name, value);
        else if (ConfigurationKeys.All.Any(key => key.Path.StartsWith(path + ".", StringComparison.Ordinal)))
            ReadSection(path + ".", value);
        else
            Add(name.Start, Unknown(prefix, path));
    }

    private void ReadValue(ConfigurationKey key, YamlNode name, YamlNode value)
    {
        if (IsEmpty(value))
            Add(name.Start, $"'{key.Path}' has no value; give one or remove the key");
        else if (key.IsList && value is YamlSequenceNode list && list.Children.All(item => item is YamlScalarNode))
            Set(key, value, [.. list.Children.Select(item => ((YamlScalarNode)item).Value ?? "")]);
        else if (key.IsList)
            Add(value.Start, $"'{key.Path}' is a list of texts, each {key.Form.Split(',')[0]}: one '- …' a line");
        else if (value is YamlScalarNode scalar)
            Set(key, value, [scalar.Value ?? ""]);
        else
            Add(value.Start, $"'{key.Path}' is one value of the form {key.Form}, found {Shown(value)}");
    }

    private void Set(ConfigurationKey key, YamlNode at, IReadOnlyList<string> texts) =>
        _values[key.Path] = new ConfiguredText(texts, Source(at.Start));

    private static string Unknown(string prefix, string path)
    {
        string where = prefix.Length == 0 ? "" : $" below '{prefix.TrimEnd('.')}'";
        var names = Names(prefix).ToList();
        return NearestName.Find(path[prefix.Length..], names) is { } near
            ? $"unknown key '{path[prefix.Length..]}'{where}; did you mean '{near}'?"
            : $"unknown key '{path[prefix.Length..]}'{where}; known are {string.Join(", ", names)}";
    }

    // The words that may stand behind a prefix.
    private static IEnumerable<string> Names(string prefix) => ConfigurationKeys.All
        .Where(key => key.Path.StartsWith(prefix, StringComparison.Ordinal))
        .Select(key => key.Path[prefix.Length..].Split('.')[0])
        .Distinct();

    private static bool IsEmpty(YamlNode node) => node is YamlScalarNode { Value: null or "" or "~" or "null", Style: ScalarStyle.Plain or ScalarStyle.Any };

    private static string Shown(YamlNode node) => node switch
    {
        YamlScalarNode scalar => $"the text '{scalar.Value}'",
        YamlSequenceNode => "a list",
        _ => "keys",
    };

    private void Add(Mark mark, string text) => _problems.Add(new ConfigurationProblem(Source(mark), text));

    private ConfigurationSource Source(Mark mark) =>
        new(_path, Convert.ToInt64(mark.Line, CultureInfo.InvariantCulture)) { Folder = Path.GetDirectoryName(_path) };
}
