using System.Text;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Rest.Requests;

/// <summary>Bodies that were damaged on the way: each is refused as the client's mistake or does what it still says; none is a defect of the server.</summary>
public sealed class FuzzTests : CatalogTests
{
    private static readonly string[] s_pieces = ["null", "-1", "1e999", "\"\"", "[]", "{}", "true", "9223372036854775808", "\"\\u0000\"", "\"\\ud800\"", "\"..\"", ",", "]", "}", "\"a\":"];

    [Fact]
    public async Task Requests_WithDamagedBodies_AreNeverADefect()
    {
        (await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200);
        (await Client.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("p"))).Require(200);
        (await Client.PostAsync("/v1/lake/namespaces/a/views", Bodies.View("v"))).Require(200);
        (string Path, string Body)[] requests =
        [
            ("/v1/lake/namespaces", """{"namespace":["b"],"properties":{"k":"v"}}"""),
            ("/v1/lake/namespaces/a/properties", """{"updates":{"k":"v"},"removals":["x"]}"""),
            ("/v1/lake/namespaces/a/tables", Bodies.Table("n", ""","partition-spec":{"fields":[{"source-id":1,"transform":"bucket[4]","name":"b"}]},"write-order":{"order-id":1,"fields":[{"source-id":1,"transform":"identity","direction":"asc","null-order":"nulls-first"}]}""")),
            ("/v1/lake/namespaces/a/tables/t", Bodies.Append(5, 1)),
            ("/v1/lake/namespaces/a/tables/t", Bodies.SetProperty("k", "v", """{"type":"assert-ref-snapshot-id","ref":"main","snapshot-id":null}""")),
            ("/v1/lake/transactions/commit", $$"""{"table-changes":[{"identifier":{"namespace":["a"],"name":"t"},{{Bodies.SetProperty("k", "v")[1..]}}]}"""),
            ("/v1/lake/namespaces/a/views", Bodies.View("w")),
            ("/v1/lake/tables/rename", """{"source":{"namespace":["a"],"name":"x"},"destination":{"namespace":["a"],"name":"y"}}"""),
            ("/v1/lake/namespaces/a/register", """{"name":"r","metadata-location":"s3://lake/none.json"}"""),
            ("/v1/lake/namespaces/a/register-view", """{"name":"r","metadata-location":"s3://lake/none.json"}"""),
            ("/v1/lake/namespaces/a/views/v", """{"requirements":[{"type":"assert-view-uuid","uuid":"00000000-0000-0000-0000-000000000001"}],"updates":[{"action":"set-properties","updates":{"k":"v"}}]}"""),
            ("/v1/lake/views/rename", """{"source":{"namespace":["a"],"name":"x"},"destination":{"namespace":["a"],"name":"y"}}"""),
            ("/v1/lake/tarn/namespaces/a/tables/x/undrop", """{"destination":{"namespace":["a"],"name":"y"}}"""),
            ("/v1/lake/tarn/namespaces/a/views/x/undrop", """{"destination":{"namespace":["a"],"name":"y"}}"""),
            ("/v1/lake/namespaces/a/tables/p/plan", """{"filter":{"type":"and","left":{"type":"eq","term":"id","value":5},"right":{"type":"in","term":"name","values":["a","b"]}},"select":["id"],"stats-fields":["id"],"case-sensitive":false,"min-rows-requested":1}"""),
            ("/v1/lake/namespaces/a/tables/p/tasks", """{"plan-task":"0123456789abcdef.1"}"""),
            ("/v1/lake/namespaces/a/tables/t/sign", """{"region":"us-east-1","method":"PUT","uri":"http://127.0.0.1/lake/a/t/x?partNumber=1","headers":{"x-amz-meta-a":["b"]},"body":"<Delete><Object><Key>a</Key></Object></Delete>","provider":"s3"}"""),
            ("/v1/lake/namespaces/a/tables/t/metrics", """{"report-type":"scan-report","table-name":"t","snapshot-id":-1,"filter":true,"schema-id":0,"projected-field-ids":[1],"projected-field-names":["id"],"metrics":{}}"""),
        ];
        var random = new Random(Soak.Seed);
        for (int i = 0; i < Soak.Rounds(300, 20_000); i++)
        {
            var (path, body) = requests[random.Next(requests.Length)];
            string damaged = Damage(body, random);
            var answer = await Client.PostAsync(path, damaged);
            Assert.True(answer.Status is >= 200 and < 500, $"seed {Soak.Seed}, round {i}: {answer.Status} to {path}\n{damaged}\n{answer.Body}");
        }
    }

    private static string Damage(string body, Random random)
    {
        var text = new StringBuilder(body);
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(text.Length), length = Math.Min(random.Next(8), text.Length - at);
            if (random.Next(3) > 0)
                text.Remove(at, length);
            if (random.Next(3) > 0)
                text.Insert(Math.Min(at, text.Length), s_pieces[random.Next(s_pieces.Length)]);
            if (text.Length == 0)
                text.Append('{');
        }

        return text.ToString();
    }
}
