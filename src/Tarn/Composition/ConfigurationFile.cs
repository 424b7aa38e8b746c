using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tarn.Composition;

/// <summary>
/// <c>tarn.yaml</c> in the working folder: what should hold for every command there. One key so far: <c>storage.map</c>, a list of
/// <c>FROM=TO</c> as <c>--map</c> takes them; those of the command line come first.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = "tarn.yaml";

    /// <summary>The pairs of <c>storage.map</c>; none when there is no file.</summary>
    /// <exception cref="TarnException">InvalidRequest with file and line: the file is malformed or has a key that means nothing.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadMap(string folder)
    {
        string path = Path.Join(folder, Name);
        return File.Exists(path) ? Parse(File.ReadAllText(path), path) : [];
    }

    private static List<KeyValuePair<string, string>> Parse(string text, string path)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            var map = new List<KeyValuePair<string, string>>();
            foreach (var (key, value) in yaml.Documents.SelectMany(document => Keys(document.RootNode, path, "storage")))
            {
                foreach (var (inner, list) in Keys(value, path, "map"))
                    map.AddRange(Items(list, path).Select(item => LocationMap.ParsePrefix(item)));
            }

            return map;
        }
        catch (YamlException error)
        {
            throw Wrong(path, error.Start, error.Message);
        }
    }

    private static IEnumerable<KeyValuePair<YamlNode, YamlNode>> Keys(YamlNode node, string path, string known)
    {
        if (node is not YamlMappingNode mapping)
            throw Wrong(path, node.Start, $"expected the key '{known}:'");
        foreach (var pair in mapping.Children)
        {
            if (pair.Key is not YamlScalarNode { Value: { } key } || key != known)
                throw Wrong(path, pair.Key.Start, $"unknown key '{pair.Key}'; known is '{known}'");
            yield return pair;
        }
    }

    private static IEnumerable<string> Items(YamlNode node, string path) => node is YamlSequenceNode list
        ? list.Children.Select(item => (item as YamlScalarNode)?.Value ?? throw Wrong(path, item.Start, "expected a text of the form FROM=TO"))
        : throw Wrong(path, node.Start, "expected a list of texts of the form FROM=TO");

    private static TarnException Wrong(string path, Mark mark, string problem) =>
        TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"{path}, line {mark.Line}: {problem}."));
}
