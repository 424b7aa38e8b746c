using Tarn.Access.Administration;
using Tarn.Access.Policies;

namespace Tarn.Access.Tests.Decisions;

/// <summary>The rules of "Policy evaluation logic" of the IAM user guide, each by a test of its own.</summary>
public sealed class AccessEvaluationTests
{
    private const string Get = "s3:GetObject", Object = AccessHouse.Bucket + "/a/b.csv";

    [Fact]
    public async Task Decide_NothingAttached_IsDenied()
    {
        await using var house = await AccessHouse.StartAsync();
        await AssertAsync(house, await house.AddUserAsync("ada"), false, DecisionReason.NoStatement);
    }

    [Theory]
    [InlineData("readonly", "s3:GetObject", true)]
    [InlineData("readonly", "s3:ListBucket", true)]
    [InlineData("readonly", "s3:PutObject", false)]
    [InlineData("writeonly", "s3:PutObject", true)]
    [InlineData("writeonly", "s3:GetObject", false)]
    [InlineData("readwrite", "s3:DeleteObjectVersion", true)]
    [InlineData("readwrite", "iam:CreateUser", false)]
    [InlineData("admin", "iam:CreateUser", true)]
    [InlineData("diagnostics", "tarn:GetMetrics", true)]
    [InlineData("diagnostics", "s3:GetObject", false)]
    public async Task Decide_CannedPolicy_AllowsWhatItSays(string policy, string action, bool expected)
    {
        await using var house = await AccessHouse.StartAsync();
        Assert.Equal(expected, (await house.DecideAsync(await house.AddUserAsync("ada", policy), action, Object)).IsAllowed);
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""", false)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}""", false)]
    [InlineData("""{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:currenttime":"2030-01-01T00:00:00Z"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"aws:EpochTime":"9"}}}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::lake/${aws:EpochTime}/*"}""", true)]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:username":"${aws:CurrentTime}"}}}""", true)]
    public async Task AsksForTime_ByPolicy_IsWhetherItsAnswerMayChangeByTheClock(string statement, bool expected)
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.PutPolicyAsync("timed", $$"""{"Version":"2012-10-17","Statement":[{{statement}}]}""");
        Assert.Equal(expected, await house.Control.AsksForTimeAsync(await house.AddUserAsync("ada", "readonly", "timed")));
    }

    [Fact]
    public async Task Decide_PolicyOfAGroup_CountsForItsMembers()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        await house.Administration.CreateGroupAsync("readers", ["readonly"]);
        await AssertAsync(house, ada, false, DecisionReason.NoStatement);
        await house.Administration.AddMembersAsync("readers", ["ada"]);
        await AssertAsync(house, ada, true, DecisionReason.IdentityPolicy);
        await house.Administration.PutInlinePolicyAsync(new(PolicyHolderKind.Group, "readers"), "no", Statement("Deny", Get, "*"));
        await AssertAsync(house, ada, false, DecisionReason.ExplicitDeny);
    }

    [Fact]
    public async Task Decide_DenyAnywhere_WinsOverEveryAllow()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada", "admin");
        await AssertAsync(house, ada, false, DecisionReason.ExplicitDeny, ResourceStatement("Deny", "\"*\""));
        await house.Administration.PutInlinePolicyAsync(new(PolicyHolderKind.User, "ada"), "no", Statement("Deny", "s3:get*", Object));
        await AssertAsync(house, ada, false, DecisionReason.ExplicitDeny, ResourceStatement("Allow", "\"*\""));
    }

    [Fact]
    public async Task Decide_ResourcePolicyInOneAccount_AddsToTheCallersOwn()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        var bob = await house.AddUserAsync("bob");
        string toAda = ResourceStatement("Allow", $$"""{"AWS":"{{ada.Arn}}"}""");
        await AssertAsync(house, ada, true, DecisionReason.ResourcePolicy, toAda);
        await AssertAsync(house, bob, false, DecisionReason.NoStatement, toAda);
        await AssertAsync(house, bob, true, DecisionReason.ResourcePolicy, ResourceStatement("Allow", $$"""{"CanonicalUser":"{{bob.CanonicalId}}"}"""));
        await AssertAsync(house, bob, true, DecisionReason.ResourcePolicy, ResourceStatement("Allow", "{\"AWS\":\"*\"}"));
    }

    [Fact]
    public async Task Decide_ResourcePolicyToTheAccount_LeavesItToTheAccount()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        string toAccount = ResourceStatement("Allow", $$"""{"AWS":["{{house.Account}}","arn:aws:iam::{{house.Account}}:root"]}""");
        await AssertAsync(house, ada, false, DecisionReason.NoStatement, toAccount);
        await AssertAsync(house, ada, false, DecisionReason.ExplicitDeny, ResourceStatement("Deny", $$"""{"AWS":"{{house.Account}}"}"""));
    }

    [Fact]
    public async Task Decide_Anonymous_HasTheResourcePolicyAlone()
    {
        await using var house = await AccessHouse.StartAsync();
        await AssertAsync(house, null, false, DecisionReason.NoStatement);
        await AssertAsync(house, null, true, DecisionReason.ResourcePolicy, ResourceStatement("Allow", "\"*\""));
        await AssertAsync(house, null, false, DecisionReason.NoStatement, ResourceStatement("Allow", $$"""{"AWS":"{{house.Account}}"}"""));
    }

    [Fact]
    public async Task Decide_NotPrincipal_SparesWhomItNames()
    {
        await using var house = await AccessHouse.StartAsync();
        var (ada, bob) = (await house.AddUserAsync("ada", "admin"), await house.AddUserAsync("bob", "admin"));
        string butAda = $$"""{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["{{ada.Arn}}","{{house.Account}}"]},"Action":"s3:*","Resource":"*"} }""";
        await AssertAsync(house, ada, true, DecisionReason.IdentityPolicy, butAda);
        await AssertAsync(house, bob, false, DecisionReason.ExplicitDeny, butAda);
        await AssertAsync(house, null, false, DecisionReason.ExplicitDeny, butAda);
    }

    [Fact]
    public async Task Decide_OtherAccount_NeedsBothSides()
    {
        await using var house = await AccessHouse.StartAsync();
        var owner = await house.AddUserAsync("owner", "readwrite");
        await house.Administration.CreateUserAsync(new NewUser("alt", Policies: ["readwrite"], AccountId: "999999999999"));
        var alt = await house.CallAsync(await house.Administration.CreateKeyAsync(new KeyRequest("alt")));
        string toAlt = ResourceStatement("Allow", $$"""{"AWS":"{{alt.Arn}}"}""");
        Assert.Equal(DecisionReason.OtherAccount, (await house.DecideAsync(alt, Get, Object, owner: owner.CanonicalId)).Reason);
        Assert.True((await house.DecideAsync(alt, Get, Object, toAlt, owner.CanonicalId)).IsAllowed);
        Assert.True((await house.DecideAsync(alt, Get, Object, ResourceStatement("Allow", "{\"AWS\":\"999999999999\"}"), owner.CanonicalId)).IsAllowed);
        Assert.True((await house.DecideAsync(alt, Get, Object, owner: alt.CanonicalId)).IsAllowed);
        Assert.False((await house.DecideAsync(owner, Get, Object, owner: alt.CanonicalId)).IsAllowed);
        await house.Administration.DetachPolicyAsync(new(PolicyHolderKind.User, "alt"), "readwrite");
        Assert.Equal(DecisionReason.OtherAccount, (await house.DecideAsync(alt, Get, Object, toAlt, owner.CanonicalId)).Reason);
    }

    [Fact]
    public async Task Decide_Root_MayAllButWhatAResourceDenies()
    {
        await using var house = await AccessHouse.StartAsync();
        var root = await house.CallAsync(house.Root);
        string denyAll = """{"Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"} }""";
        await AssertAsync(house, root, true, DecisionReason.Root);
        await AssertAsync(house, root, false, DecisionReason.ExplicitDeny, denyAll);
        Assert.True((await house.DecideAsync(root, "s3:DeleteBucketPolicy", AccessHouse.Bucket, denyAll)).IsAllowed);
    }

    [Fact]
    public async Task Decide_ServiceAccount_MayWhatOwnerAndPolicyBothAllow()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.AddUserAsync("ada", "readonly");
        var key = await house.CallAsync(await house.Administration.CreateKeyAsync(new KeyRequest("ada", Statement("Allow", "s3:*", AccessHouse.Bucket + "/a/*"))));
        await AssertAsync(house, key, true, DecisionReason.IdentityPolicy);
        Assert.Equal(DecisionReason.NoStatement, (await house.DecideAsync(key, "s3:PutObject", Object)).Reason);
        Assert.Equal(DecisionReason.Narrowed, (await house.DecideAsync(key, Get, AccessHouse.Bucket + "/b")).Reason);
        var rootKey = await house.CallAsync(await house.Administration.CreateKeyAsync(new KeyRequest("root", Statement("Allow", Get, "*"))));
        Assert.Equal(DecisionReason.Narrowed, (await house.DecideAsync(rootKey, "s3:PutObject", Object)).Reason);
        Assert.True((await house.DecideAsync(rootKey, Get, Object)).IsAllowed);
    }

    [Fact]
    public async Task Decide_NotActionAndNotResource_AreAboutTheRest()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada");
        await house.Administration.PutInlinePolicyAsync(new(PolicyHolderKind.User, "ada"), "p", """
            {"Version":"2012-10-17","Statement":[
              {"Effect":"Allow","NotAction":"s3:Delete*","Resource":"*"},
              {"Effect":"Deny","Action":"*","NotResource":["arn:aws:s3:::lake","arn:aws:s3:::lake/*"]}]}
            """);
        Assert.True((await house.DecideAsync(ada, Get, Object)).IsAllowed);
        Assert.False((await house.DecideAsync(ada, "s3:DeleteObject", Object)).IsAllowed);
        Assert.False((await house.DecideAsync(ada, Get, "arn:aws:s3:::other/x")).IsAllowed);
    }

    [Theory]
    [InlineData("2012-10-17", "ada", "home/ada/x", true)]
    [InlineData("2012-10-17", "ada", "home/bob/x", false)]
    [InlineData("2008-10-17", "ada", "home/ada/x", false)]
    [InlineData("2008-10-17", "ada", "home/${aws:username}/x", true)]
    public async Task Decide_PolicyVariable_StandsForTheCallersName(string version, string user, string key, bool expected)
    {
        await using var house = await AccessHouse.StartAsync();
        var caller = await house.AddUserAsync(user);
        await house.Administration.PutInlinePolicyAsync(
            new(PolicyHolderKind.User, user), "home", Statement("Allow", "s3:*", "arn:aws:s3:::lake/home/${aws:username}/*", version));
        Assert.Equal(expected, (await house.DecideAsync(caller, Get, "arn:aws:s3:::lake/" + key)).IsAllowed);
    }

    [Fact]
    public async Task Decide_VariableWithWildcardInItsValue_TakesItLiterally()
    {
        await using var house = await AccessHouse.StartAsync();
        var caller = await house.AddUserAsync("ada");
        await house.Administration.PutInlinePolicyAsync(new(PolicyHolderKind.User, "ada"), "p", Statement("Allow", "s3:*", "arn:aws:s3:::lake/${s3:prefix, 'none'}/*"));
        Assert.False((await house.DecideAsync(caller, Get, "arn:aws:s3:::lake/secret/x", conditions: new ConditionValues().Set("s3:prefix", "*"))).IsAllowed);
        Assert.True((await house.DecideAsync(caller, Get, "arn:aws:s3:::lake/*/x", conditions: new ConditionValues().Set("s3:prefix", "*"))).IsAllowed);
        Assert.True((await house.DecideAsync(caller, Get, "arn:aws:s3:::lake/none/x")).IsAllowed);
    }

    [Fact]
    public async Task Decide_CallerRemovedMeanwhile_IsDenied()
    {
        await using var house = await AccessHouse.StartAsync();
        var ada = await house.AddUserAsync("ada", "admin");
        await house.Administration.SetUserDisabledAsync("ada", true);
        await AssertAsync(house, ada, false, DecisionReason.CallerGone);
        await house.Administration.DeleteUserAsync("ada");
        await house.AddUserAsync("ada", "admin");
        await AssertAsync(house, ada, false, DecisionReason.CallerGone);
    }

    private static string Statement(string effect, string action, string resource, string version = "2012-10-17") =>
        $$"""{"Version":"{{version}}","Statement":{"Effect":"{{effect}}","Action":"{{action}}","Resource":"{{resource}}"} }""";

    private static string ResourceStatement(string effect, string principal) =>
        $$"""{"Statement":{"Effect":"{{effect}}","Principal":{{principal}},"Action":"s3:GetObject","Resource":"{{AccessHouse.Bucket}}/*"} }""";

    private static async Task AssertAsync(AccessHouse house, Caller? caller, bool isAllowed, DecisionReason reason, string? resourcePolicy = null)
    {
        var decision = await house.DecideAsync(caller, Get, Object, resourcePolicy);
        Assert.Equal((isAllowed, reason), (decision.IsAllowed, decision.Reason));
    }
}
