using Tarn.Access.Administration;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Thrift;
using Tarn.Testing;

namespace Tarn.Catalog.Tests.Hive.Hosting;

public sealed class HiveConnectionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_ManyCalls_AnswersEachInItsForm(bool isStrict)
    {
        await using var server = await HiveTestServer.StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        for (int i = 0; i < 3; i++)
        {
            var answer = await client.CallAsync("get_all_databases", isStrict);
            Assert.Equal((ThriftMessageKind.Reply, 42, isStrict), (answer.Kind, answer.SequenceId, answer.IsStrict));
            Assert.Equal(["default"], answer.Body.Texts(0));
        }
    }

    [Fact]
    public async Task Connection_UnknownCall_SaysSoAndStaysOpen()
    {
        await using var server = await HiveTestServer.StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        var answer = await client.CallAsync("open_txns", true);
        Assert.Equal((ThriftMessageKind.Exception, "Invalid method name: 'open_txns'", 1), (answer.Kind, answer.Body.Text(1), answer.Body.Int(2)));
        Assert.Equal("3.0", (await client.CallAsync("getVersion", true)).Body.Text(0));
    }

    [Fact]
    public async Task Connection_WithKey_ActsAsItsOwner()
    {
        await using var server = await HiveTestServer.StartAsync(allowsAnonymous: false);
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        var (status, text) = await client.NegotiateAsync("PLAIN", $"\0{HiveTestServer.AccessKey}\0{HiveTestServer.Secret}");
        Assert.Equal((5, ""), (status, text));
        Assert.Equal(["default"], (await client.CallAsync("get_all_databases", true)).Body.Texts(0));
        Assert.Empty((await client.CallAsync("create_database", true, new ThriftStruct().With(1, "sales"))).Body.Fields);
    }

    [Theory]
    [InlineData(true, "is disabled")]
    [InlineData(false, "does not exist any more")]
    public async Task Connection_KeyTakenAway_MayDoNothing(bool isOnlyDisabled, string reason)
    {
        await using var server = await HiveTestServer.StartAsync(allowsAnonymous: false);
        await server.Administration.CreateUserAsync(new NewUser("ada", Policies: ["catalog"]));
        var key = await server.Administration.CreateKeyAsync(new KeyRequest("ada"));
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        Assert.Equal((5, ""), await client.NegotiateAsync("PLAIN", $"\0{key.Id}\0{key.Secret}"));
        Assert.Equal(["default"], (await client.CallAsync("get_all_databases", true)).Body.Texts(0));
        if (isOnlyDisabled)
            await server.Administration.SetKeyDisabledAsync(key.Id, true);
        else
            await server.Administration.DeleteKeyAsync(key.Id);
        string refusal = (await client.CallAsync("get_all_databases", true)).Body.Struct(1)!.Text(1)!;
        Assert.Contains($"The access key '{key.Id}' of this connection {reason}", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PLAIN", "\0tarnroot\0wrong", 3, "wrong")]
    [InlineData("PLAIN", "\0nobody\0wrong", 3, "wrong")]
    [InlineData("PLAIN", "nonsense", 3, "form")]
    [InlineData("GSSAPI", "x", 4, "PLAIN")]
    public async Task Connection_WrongProof_IsToldWhyAndClosed(string mechanism, string response, byte status, string reason)
    {
        await using var server = await HiveTestServer.StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        var answer = await client.NegotiateAsync(mechanism, response);
        Assert.Equal(status, answer.Status);
        Assert.Contains(reason, answer.Text, StringComparison.Ordinal);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Connection_WithoutProofWhereItIsNeeded_IsToldWhatToDo()
    {
        await using var server = await HiveTestServer.StartAsync(allowsAnonymous: false);
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        var answer = await client.CallAsync("get_all_databases", true);
        Assert.Contains("SASL PLAIN with an access key", answer.Body.Struct(1)!.Text(1), StringComparison.Ordinal);
        Assert.Equal("3.0", (await client.CallAsync("getVersion", true)).Body.Text(0));
    }

    [Fact]
    public async Task Connection_RoleTakenAway_MayDoNothing()
    {
        await using var server = await HiveTestServer.StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        Assert.Equal(["default"], (await client.CallAsync("get_all_databases", true)).Body.Texts(0));
        await server.Administration.DeleteRoleAsync("hive_local");
        Assert.Contains("catalog:ListNamespaces", (await client.CallAsync("get_all_databases", true)).Body.Struct(1)!.Text(1), StringComparison.Ordinal);
        using var next = await HiveTestClient.ConnectAsync(server.Address);
        Assert.Contains("'hive_local', which does not exist", (await next.CallAsync("get_all_databases", true)).Body.Struct(1)!.Text(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_DamagedMessages_AreClosedAndOthersGoOn()
    {
        await using var server = await HiveTestServer.StartAsync();
        using var steady = await HiveTestClient.ConnectAsync(server.Address);
        for (int seed = Soak.Seed, end = seed + Soak.Rounds(60, 20_000); seed < end; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = ThriftCodecTests.Encode(new RandomMessages(random).Next() with { Kind = ThriftMessageKind.Call, Name = random.Next(2) == 0 ? "create_table" : "alter_table" });
            for (int i = random.Next(1, 6); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using (var broken = await HiveTestClient.ConnectAsync(server.Address))
                await broken.SendAsync(bytes);
            Assert.Equal("3.0", (await steady.CallAsync("getVersion", true)).Body.Text(0));
        }
    }

    [Fact]
    public async Task Connection_TextOfAnotherProtocol_IsClosed()
    {
        await using var server = await HiveTestServer.StartAsync();
        using var client = await HiveTestClient.ConnectAsync(server.Address);
        await client.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.True(await client.IsClosedAsync());
    }
}
