using Tarn.Access.Administration;

namespace Tarn.Access.Tests.Sessions;

public sealed class AccessKeyFinderTests
{
    [Fact]
    public async Task Find_KeyMadeAnewWithItsId_HasTheNewSecretAndPolicy()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Administration.CreateUserAsync(new NewUser("ada"));
        await house.Administration.CreateKeyAsync(new KeyRequest("ada") { AccessKeyId = "chosen", Secret = "first-secret" });
        var first = (await house.Control.FindAccessKeyAsync("chosen")).Credential!;
        Assert.Same(first, (await house.Control.FindAccessKeyAsync("chosen")).Credential);

        await house.Administration.DeleteKeyAsync("chosen");
        Assert.Equal(AccessKeyStatus.NotFound, (await house.Control.FindAccessKeyAsync("chosen")).Status);
        const string policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}""";
        await house.Administration.CreateKeyAsync(new KeyRequest("ada", policy) { AccessKeyId = "chosen", Secret = "second-secret" });
        var second = (await house.Control.FindAccessKeyAsync("chosen")).Credential!;
        Assert.Equal(("first-secret", "second-secret"), (first.Secret, second.Secret));
        Assert.Equal((0, 1), (first.Caller.Narrowing.Count, second.Caller.Narrowing.Count));
    }

    [Fact]
    public async Task Find_KeyDisabledAfterUse_IsRefused()
    {
        await using var house = await AccessHouse.StartAsync();
        await house.Control.FindAccessKeyAsync(house.Root.Id);
        await house.Administration.CreateUserAsync(new NewUser("ada"));
        var key = await house.Administration.CreateKeyAsync(new KeyRequest("ada"));
        Assert.Equal(AccessKeyStatus.Found, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        await house.Administration.SetKeyDisabledAsync(key.Id, isDisabled: true);
        Assert.Equal(AccessKeyStatus.Disabled, (await house.Control.FindAccessKeyAsync(key.Id)).Status);
        await house.Administration.SetKeyDisabledAsync(key.Id, isDisabled: false);
        Assert.Equal(key.Secret, (await house.Control.FindAccessKeyAsync(key.Id)).Credential!.Secret);
    }
}
