using System.Text.Json;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Manifests;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Catalog.Tests.Rest.Planning;

/// <summary>Plans are somebody's, for one table, as long as they may read it; and no table leads the server to the files of another.</summary>
public sealed class PlanRightsTests : CatalogTests
{
    private const string Tables = "/v1/lake/namespaces/a/tables";

    // However slow the machine is, plans are answered at once.
    internal override CatalogOptions Options => new() { PlanningWait = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task Plan_OfSomebodyElseOrOfAnotherTable_IsNotThere()
    {
        using var ada = await PrepareAsync("ada", Allow("catalog:*"));
        using var eve = await PrepareAsync("eve", Allow("catalog:*"));
        var (id, task) = await PlanAsync(ada);
        foreach (var (caller, table) in new[] { (eve, "t"), (ada, "u"), (Client, "t") })
        {
            (await caller.GetAsync($"{Tables}/{table}/plan/{id}")).RequireError(404, "NoSuchPlanIdException");
            (await caller.DeleteAsync($"{Tables}/{table}/plan/{id}")).RequireError(404, "NoSuchPlanIdException");
            (await caller.PostAsync($"{Tables}/{table}/tasks", task)).RequireError(404, "NoSuchPlanTaskException");
        }

        (await ada.PostAsync($"{Tables}/t/tasks", task)).Require(200);
        (await ada.DeleteAsync($"{Tables}/t/plan/{id}")).Require(204);
    }

    [Theory]
    [InlineData("catalog:ReadData")]
    [InlineData("catalog:GetTable")]
    public async Task Plan_AfterTheRightIsGone_IsForbidden(string lost)
    {
        using var ada = await PrepareAsync("ada", Allow("catalog:*"));
        var (id, task) = await PlanAsync(ada);
        await Server.Administration.PutPolicyAsync("ada", Policy(Allow("catalog:*"), Allow(lost).Replace("Allow", "Deny", StringComparison.Ordinal)));
        (await ada.GetAsync($"{Tables}/t/plan/{id}")).RequireError(403, "ForbiddenException");
        (await ada.PostAsync($"{Tables}/t/tasks", task)).RequireError(403, "ForbiddenException");
        (await ada.PostAsync($"{Tables}/t/plan", "{}")).RequireError(403, "ForbiddenException");
        if (lost == "catalog:ReadData")
            (await ada.DeleteAsync($"{Tables}/t/plan/{id}")).RequireError(403, "ForbiddenException");
    }

    // A manifest list of the thief's own that names the manifests of another table: a plan would tell its files and bounds.
    [Theory]
    [InlineData("s3://lake/", true)]
    [InlineData("s3a://lake/", true)]
    [InlineData("file://{folder}/lake/", false)]
    [InlineData("file:{folder}/lake/", false)]
    [InlineData("file://localhost{folder}/lake/", false)]
    [InlineData("{folder}/lake/", false)]
    [InlineData("/proc/self/root{folder}/lake/", false)]
    [InlineData("s3://lake/own/../", false)]
    public async Task Plan_OfATableThatLeadsToTheManifestsOfAnother_IsForbidden(string spelling, bool isAllowed)
    {
        using var ada = await PrepareAsync("ada", Allow("catalog:*"));
        (await Client.PostAsync("/v1/lake/namespaces", """{"namespace":["own"]}""")).Require(200);
        using var thief = await UserAsync("thief", Allow("catalog:*").Replace("lake/a", "lake/own", StringComparison.Ordinal));
        string folder = (await thief.PostAsync("/v1/lake/namespaces/own/tables", Bodies.Table("mine"))).Require(200).GetProperty("metadata").GetProperty("location").GetString()!;
        var secret = (await Server.Catalog.LoadTableAsync(TableIdentifier.Of("a", "t")))!.Metadata.CurrentSnapshot!;
        var manifests = ManifestListReader.Read(await Server.Store.ReadAsync(secret.ManifestList!), secret.ManifestList!);
        string bucket = spelling.Replace("{folder}", Server.Folder, StringComparison.Ordinal);
        var forged = ManifestListWriter.Write(2, 7, null, 1, null, [.. manifests.Select(m => m with { ManifestPath = bucket + m.ManifestPath["s3://lake/".Length..] })]);
        await Server.Store.PutAsync(folder + "/metadata/forged.avro", forged.Bytes);
        (await thief.PostAsync("/v1/lake/namespaces/own/tables/mine", Bodies.Append(7, 1, null, folder + "/metadata/forged.avro"))).Require(200);
        var refusal = await thief.PostAsync("/v1/lake/namespaces/own/tables/mine/plan", "{}");
        refusal.RequireError(403, "ForbiddenException");
        Assert.DoesNotContain("f0001", refusal.Body, StringComparison.Ordinal);
        // Whoever may read both sees what it leads to, where tables may lie at all.
        var seen = await Client.PostAsync("/v1/lake/namespaces/own/tables/mine/plan", "{}");
        if (isAllowed)
            seen.Require(200);
        else
            seen.RequireError(403, "ForbiddenException");
    }

    private static async Task<(string Id, string Task)> PlanAsync(CatalogTestClient caller)
    {
        var plan = (await caller.PostAsync($"{Tables}/t/plan", "{}")).Require(200);
        return (plan.GetProperty("plan-id").GetString()!, $$"""{"plan-task":{{JsonSerializer.Serialize(plan.GetProperty("plan-tasks")[0].GetString())}}}""");
    }

    private static string Allow(string action) => $$"""{"Effect":"Allow","Action":"{{action}}","Resource":["arn:tarn:catalog:::lake/a","arn:tarn:catalog:::lake/a/*"]}""";

    private static string Policy(params string[] statements) => $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";

    private async Task<CatalogTestClient> UserAsync(string name, string statement)
    {
        await Server.Administration.PutPolicyAsync(name, Policy(statement));
        return await Server.ConnectAsUserAsync(name, name);
    }

    // The tables t, of more files than a page has, and u; and somebody with a right.
    private async Task<CatalogTestClient> PrepareAsync(string name, string statement)
    {
        if (await Server.Catalog.LoadTableAsync(TableIdentifier.Of("a", "t")) is null)
        {
            (await Client.PostAsync(Tables, Bodies.Table("t"))).Require(200);
            (await Client.PostAsync(Tables, Bodies.Table("u"))).Require(200);
            var transaction = new Transaction(new TransactionContext(Server.Catalog, Server.Store), (await Server.Catalog.LoadTableAsync(TableIdentifier.Of("a", "t")))!);
            transaction.Add(new FastAppend()).Add([.. Enumerable.Range(0, 600).Select(i => new DataFile { FilePath = $"s3://lake/a/t/data/f{i:D4}.parquet", Format = FileFormat.Parquet, Partition = [], RecordCount = 1, FileSizeInBytes = 100 })]);
            await transaction.CommitAsync();
        }

        return await UserAsync(name, statement);
    }
}
