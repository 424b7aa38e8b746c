using Tarn.Access;
using Tarn.Access.Administration;
using Tarn.Access.Auditing;
using Tarn.Catalog.Rest.Credentials;
using Tarn.Catalog.Tests.Rest.Hosting;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Metastore;
using Tarn.Metastore.Authorization;
using Tarn.Metastore.Requests;
using Tarn.Testing.Access;
using Tarn.Testing.Time;

namespace Tarn.Catalog.Tests.Rest.Credentials;

/// <summary>How often the catalog is asked about keys that it has given, and what is said when it cannot be.</summary>
public sealed class GrantReviewTests : IAsyncLifetime
{
    private const string Read = "s3:GetObject", Write = "s3:PutObject", Remove = "s3:DeleteObject", Anything = "arn:aws:s3:::lake/a/x";
    private const string Later = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"1990-01-01T00:00:00Z"}}}}""";

    private readonly ManualTimeProvider _time = new();
    private CatalogTestServer _server = null!;
    private AskedWarehouses _warehouses = null!;
    private GrantReview _review = null!;

    public async Task InitializeAsync()
    {
        _server = await CatalogTestServer.StartAsync(new CatalogOptions { ClientStorage = new ClientStorage { Port = 9000 } }, _time, w => _warehouses = new AskedWarehouses(w));
        _review = new GrantReview(_warehouses, _server.Access.Control, _time);
        using var root = await _server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces", """{"namespace":["a"]}""")).Require(200);
        (await root.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("t"))).Require(200);
        await _server.Administration.PutPolicyAsync("later", Later);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task FindRefusal_ManyAtOnce_AskOnce()
    {
        var keys = await KeysAsync("catalog");
        var gate = _warehouses.Close();
        var asked = Enumerable.Range(0, 64).Select(_ => Task.Run(() => _review.FindRefusalAsync(keys, Read, Anything).AsTask())).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(asked), Assert.Null);
        Assert.Equal(1, _warehouses.Asked);
    }

    [Fact]
    public async Task FindRefusal_WhoeverAskedFirstGivesUp_OthersGetTheAnswer()
    {
        var keys = await KeysAsync("catalog");
        var gate = _warehouses.Close();
        using var stop = new CancellationTokenSource();
        var first = _review.FindRefusalAsync(keys, Read, Anything, stop.Token).AsTask();
        var second = _review.FindRefusalAsync(keys, Read, Anything).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        Assert.Null(await second);
        Assert.Equal(1, _warehouses.Asked);
    }

    [Fact]
    public async Task FindRefusal_WhileNothingMoved_IsAnsweredAsBefore()
    {
        var keys = await KeysAsync("catalog");
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(await _review.FindRefusalAsync(keys, Write, Anything));
            _time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal(1, _warehouses.Asked);
        using var root = await _server.ConnectAsync();
        (await root.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("other"))).Require(200);
        Assert.Null(await _review.FindRefusalAsync(keys, Write, Anything));
        Assert.Equal(2, _warehouses.Asked);
    }

    [Fact]
    public async Task FindRefusal_WherePoliciesAskForTheTime_IsAskedAgainEachSecond()
    {
        var keys = await KeysAsync("later");
        Assert.Null(await _review.FindRefusalAsync(keys, Read, Anything));
        _time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Null(await _review.FindRefusalAsync(keys, Read, Anything));
        Assert.Equal(1, _warehouses.Asked);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Null(await _review.FindRefusalAsync(keys, Read, Anything));
        Assert.Equal(2, _warehouses.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FindRefusal_WithoutAnAnswer_FailsAndIsAskedAgain(bool isInMark)
    {
        var keys = await KeysAsync("catalog");
        (isInMark ? ref _warehouses.MarkFailure : ref _warehouses.Failure) = new TarnException(ErrorKind.Unavailable, "The store is gone.");
        Assert.Equal(ErrorKind.Unavailable, (await Assert.ThrowsAsync<TarnException>(() => _review.FindRefusalAsync(keys, Read, Anything).AsTask())).Kind);
        _warehouses.MarkFailure = _warehouses.Failure = null;
        Assert.Null(await _review.FindRefusalAsync(keys, Read, Anything));
        // What was answered before opens nothing while there is no answer of now.
        _warehouses.MarkFailure = new TarnException(ErrorKind.Unavailable, "The store is gone.");
        await Assert.ThrowsAsync<TarnException>(() => _review.FindRefusalAsync(keys, Read, Anything).AsTask());
    }

    [Fact]
    public async Task FindRefusal_WhereAnotherTableCameIntoTheFolder_NamesTheFolder()
    {
        await _server.Administration.PutPolicyAsync("one", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:*","Resource":"arn:tarn:catalog:::lake/a/t"} }""");
        var keys = await KeysAsync("one");
        Assert.Null(await _review.FindRefusalAsync(keys, Read, Anything));
        using var root = await _server.ConnectAsync();
        string location = (await root.GetAsync("/v1/lake/namespaces/a/tables/t")).Require(200).GetProperty("metadata").GetProperty("location").GetString()!;
        (await root.DeleteAsync("/v1/lake/namespaces/a/tables/t")).Require(204);
        (await root.PostAsync("/v1/lake/namespaces/a/tables", Bodies.Table("u", $$""","location":"{{location}}" """))).Require(200);
        Assert.Contains($"The folder '{location}' of table 'a.t' of 'lake' is shared with another table, view or dropped table, and reading and writing is not allowed", await _review.FindRefusalAsync(keys, Read, Anything), StringComparison.Ordinal);
    }

    /// <summary>PyIceberg deletes what falls out of the log of its table, and knows nothing of branches.</summary>
    [Fact]
    public async Task FindRefusal_OfRemovingAFile_IsWhatAnotherBranchNeeds()
    {
        var keys = await KeysAsync("catalog");
        await _server.Catalog.Log.AppendAsync(new CommitRequest("ada", [], [new CatalogChange.CreateBranch("main")]) { At = new CatalogAddress("lake", "dev") });
        using var root = await _server.ConnectAsync();
        string former = (await root.GetAsync("/v1/lake/namespaces/a/tables/t")).Require(200).GetProperty("metadata-location").GetString()!, file = "arn:aws:s3:::" + former["s3://".Length..];
        (await root.PostAsync("/v1/lake/namespaces/a/tables/t", """{"requirements":[],"updates":[{"action":"set-properties","updates":{"a":"b"} }]}""")).Require(200);
        Assert.Contains($"'{former}' is neither deleted nor replaced: it is the present state of a table or view", await _review.FindRefusalAsync(keys, Remove, file), StringComparison.Ordinal);
        // No other request is asked about its object.
        int asked = _warehouses.Asked;
        Assert.Null(await _review.FindRefusalAsync(keys, Read, file));
        Assert.Null(await _review.FindRefusalAsync(keys, Write, file));
        Assert.Null(await _review.FindRefusalAsync(keys, Remove, "arn:aws:s3:::lake/elsewhere/x.metadata.json"));
        Assert.Equal(asked, _warehouses.Asked);
        Assert.Null(await _review.FindRefusalAsync(keys, Remove, file.Replace(".metadata.json", ".parquet", StringComparison.Ordinal)));
        Assert.Null(await _review.FindRefusalAsync(keys, Remove, file.Replace("00000-", "00009-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task FindRefusal_OfKeysForReading_NamesTheRightThatIsMissing()
    {
        await _server.Administration.PutPolicyAsync("reader", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["catalog:Get*","catalog:ReadData"],"Resource":"*"} }""");
        var keys = await KeysAsync("reader");
        Assert.Null(await _review.FindRefusalAsync(keys, Read, Anything));
        foreach (string action in (string[])[Write, "s3:DeleteObject"])
        {
            string refusal = (await _review.FindRefusalAsync(keys, action, Anything))!;
            Assert.Contains("user/ada is not authorized to perform catalog:WriteData on arn:tarn:catalog:::lake/a/t. Attach a policy that allows it ('tarn policy attach').", refusal, StringComparison.Ordinal);
            Assert.Contains(action, refusal, StringComparison.Ordinal);
            Assert.DoesNotContain("folder", refusal, StringComparison.Ordinal);
        }

        Assert.Contains("s3:PutBucketPolicy is nothing that such keys open", await _review.FindRefusalAsync(keys, "s3:PutBucketPolicy", Anything), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindRefusal_WhereRightsWereTakenAway_NamesTheFirst()
    {
        var keys = await KeysAsync("catalog");
        await _server.Administration.DetachPolicyAsync(new PolicyHolder(PolicyHolderKind.User, "ada"), "catalog");
        Assert.Contains("is not authorized to perform catalog:ReadData on arn:tarn:catalog:::lake/a/t.", await _review.FindRefusalAsync(keys, Write, Anything), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadCredentials_WithoutTheRightToRead_NamesIt()
    {
        await _server.Administration.PutPolicyAsync("looker", """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"catalog:Get*","Resource":"*"} }""");
        await _server.Administration.CreateUserAsync(new NewUser("eve", Policies: ["looker"]));
        var key = await _server.Administration.CreateKeyAsync(new KeyRequest("eve"));
        using var eve = await _server.ConnectAsync(key.Id, key.Secret);
        var refused = await eve.GetAsync("/v1/lake/namespaces/a/tables/t/credentials");
        refused.RequireError(403, "ForbiddenException");
        Assert.Contains("user/eve is not authorized to perform catalog:ReadData on arn:tarn:catalog:::lake/a/t.", refused.Body, StringComparison.Ordinal);
    }

    /// <summary>The storage tells what came of the request.</summary>
    [Theory]
    [InlineData(Read)]
    [InlineData("s3:PutBucketPolicy")]
    public async Task FindRefusal_AsksWithoutTheAuditTrail(string action)
    {
        var keys = await KeysAsync("catalog");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(action == Read, await _review.FindRefusalAsync(keys, action, Anything) is null);
        await _server.Access.DisposeAsync();
        Assert.NotEmpty(await AuditTrail.ReadAsync(_server.Folder, new AuditQuery()));
        Assert.Empty(await AuditTrail.ReadAsync(_server.Folder, new AuditQuery(Since: _time.GetUtcNow())));
    }

    // Keys of a new user for the table, as the storage sees them.
    private async Task<Caller> KeysAsync(string policy)
    {
        await _server.Administration.CreateUserAsync(new NewUser("ada", Policies: [policy]));
        var key = await _server.Administration.CreateKeyAsync(new KeyRequest("ada"));
        using var ada = await _server.ConnectAsync(key.Id, key.Secret);
        var config = (await ada.GetAsync("/v1/lake/namespaces/a/tables/t", ("X-Iceberg-Access-Delegation", "vended-credentials"))).Require(200).GetProperty("config");
        var found = await _server.Access.Control.FindAccessKeyAsync(config.GetProperty("s3.access-key-id").GetString()!, config.GetProperty("s3.session-token").GetString());
        _warehouses.Asked = 0;
        return found.Credential!.Caller;
    }

    private sealed class AskedWarehouses(IWarehouses inner) : IWarehouses
    {
        public TarnException? Failure, MarkFailure;

        private int _asked;
        private Task _open = Task.CompletedTask;

        /// <summary>How often a catalog was asked for without the audit trail, which is for a review.</summary>
        public int Asked { get => _asked; set => _asked = value; }

        public string DefaultWarehouse => inner.DefaultWarehouse;

        public IRequestLog Requests => inner.Requests;

        /// <summary>Lets no review get on before the source is set.</summary>
        public TaskCompletionSource Close()
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open = gate.Task;
            return gate;
        }

        public async ValueTask<ICatalog?> FindAsync(string warehouse, CatalogSession session, CancellationToken cancellationToken = default)
        {
            if (session.IsAudited)
                return await inner.FindAsync(warehouse, session, cancellationToken);
            Interlocked.Increment(ref _asked);
            await _open.WaitAsync(cancellationToken);
            return Failure is { } failure ? throw failure : await inner.FindAsync(warehouse, session, cancellationToken);
        }

        public ValueTask<object> ReadMarkAsync(CancellationToken cancellationToken = default) => MarkFailure is { } failure ? throw failure : inner.ReadMarkAsync(cancellationToken);

        public ValueTask<bool> MayHaveBeenBranchAsync(string warehouse, CancellationToken cancellationToken = default) => inner.MayHaveBeenBranchAsync(warehouse, cancellationToken);
    }
}
