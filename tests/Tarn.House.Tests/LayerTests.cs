using System.Xml.Linq;

namespace Tarn.House.Tests;

/// <summary>Arrows between projects go down only, and neighbours do not see each other.</summary>
public sealed class LayerTests
{
    private static readonly string[][] s_layers =
    [
        ["Tarn.Core"],
        ["Tarn.Iceberg", "Tarn.Storage", "Tarn.DuckDb", "Tarn.Access", "Tarn.Kafka", "Tarn.Synthetic"],
        ["Tarn.Metastore", "Tarn.Engine"],
        ["Tarn.S3", "Tarn.Catalog", "Tarn.Gateway", "Tarn.Streaming", "Tarn.Pipelines", "Tarn.Console"],
        ["Tarn"],
    ];

    // Packages anybody could use alone bring nothing with them.
    private static readonly string[] s_withoutPackages = ["Tarn.Core", "Tarn.Iceberg", "Tarn.Synthetic"];

    [Fact]
    public void EveryProduct_ByName_HasALayer()
        => RuleAssert.None(Products().Where(p => LayerOf(p) < 0), "A project exists only if the table of layers knows it; add it there with an ADR:");

    [Fact]
    public void ProjectReferences_OfEveryProduct_GoDown()
        => RuleAssert.None(
            from product in Products()
            from reference in References(product)
            where LayerOf(reference) < 0 || LayerOf(reference) >= LayerOf(product)
            select $"{product} (layer {LayerOf(product)}) -> {reference} (layer {LayerOf(reference)})",
            "References go to lower layers only; declare an interface below and wire it in Tarn:");

    [Fact]
    public void PackageReferences_OfStandaloneProducts_AreEmpty()
        => RuleAssert.None(
            from product in s_withoutPackages
            from package in Items(product, "PackageReference")
            select $"{product} -> {package}",
            "These projects stand on the base class library alone:");

    [Fact]
    public void EveryProduct_HasATestProject()
        => RuleAssert.None(
            Products().Where(p => !Repository.Exists($"tests/{p}.Tests/{p}.Tests.csproj")),
            "Every product has tests/<name>.Tests:");

    [Fact]
    public void EveryProject_IsPartOfTheSolution()
    {
        var solution = Repository.Read("Tarn.slnx");
        RuleAssert.None(
            Repository.WithEnding(".csproj").Where(p => !solution.Contains($"\"{p}\"", StringComparison.Ordinal)),
            "Tarn.slnx does not build:");
    }

    private static IEnumerable<string> Products()
        => Repository.WithEnding(".csproj").Where(p => p.StartsWith("src/", StringComparison.Ordinal)).Select(p => Path.GetFileNameWithoutExtension(p)!);

    private static int LayerOf(string product) => Array.FindIndex(s_layers, l => l.Contains(product));

    private static IEnumerable<string> References(string product)
        => Items(product, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')));

    private static IEnumerable<string> Items(string product, string kind)
        => Repository.Exists($"src/{product}/{product}.csproj")
            ? XDocument.Parse(Repository.Read($"src/{product}/{product}.csproj")).Descendants(kind).Select(e => (string)e.Attribute("Include")!)
            : [];
}
