using Tarn.Iceberg.Lineage;

namespace Tarn.Iceberg.Tests.Lineage;

public sealed class LineageGraphTests
{
    [Fact]
    public void Upstream_ThroughSeveralSteps_IsTheNearestFirst()
    {
        var graph = Graph(("raw", "silver"), ("rates", "silver"), ("silver", "gold"), ("gold", "report"));
        Assert.Equal(["1 gold", "2 silver", "3 rates", "3 raw"], graph.Upstream("report", 10).Select(Text));
        Assert.Equal(["1 gold", "2 silver"], graph.Upstream("report", 2).Select(Text));
        Assert.Equal(["1 silver", "2 gold", "3 report"], graph.Downstream("raw", 10).Select(Text));
        Assert.Empty(graph.Upstream("raw", 10));
        Assert.Empty(graph.Upstream("unknown", 10));
    }

    [Fact]
    public void Upstream_OfACircle_Ends()
    {
        var graph = Graph(("a", "b"), ("b", "a"), ("a", "a"));
        Assert.Equal(["1 b"], graph.Upstream("a", 100).Select(Text));
    }

    [Fact]
    public void Add_TheSameEdgeAgain_KeepsTheNewestAndCounts()
    {
        var graph = new LineageGraph();
        foreach (var (hour, who) in new[] { (1, "ada"), (3, "bob"), (2, "eve") })
            graph.Add(Event("a", "b") with { Time = DateTimeOffset.UnixEpoch.AddHours(hour), Principal = who });
        var step = Assert.Single(graph.Downstream("a", 1));
        Assert.Equal(("bob", 3), (step.Through.Last.Principal, step.Through.Count));
    }

    [Fact]
    public void Add_WhatFailed_MadeNothing()
    {
        var graph = new LineageGraph();
        graph.Add(Event("a", "b") with { Status = LineageStatus.Failed });
        Assert.Empty(graph.Downstream("a", 1));
    }

    private static LineageGraph Graph(params IReadOnlyList<(string From, string To)> edges)
    {
        var graph = new LineageGraph();
        foreach (var (from, to) in edges)
            graph.Add(Event(from, to));
        return graph;
    }

    private static LineageEvent Event(string from, string to) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Principal = "ada",
        Engine = "tarn",
        Operation = "INSERT",
        Inputs = [new LineageObject(LineageObject.Table, from)],
        Outputs = [new LineageObject(LineageObject.Table, to)],
    };

    private static string Text(LineageStep step) => $"{step.Distance} {step.Found.Name}";
}
