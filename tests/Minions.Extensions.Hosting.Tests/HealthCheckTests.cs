using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minions.Core;
using Minions.Core.Generation;

namespace Minions.Extensions.Hosting.Tests;

/// <summary>The states of a pipeline as a health check tells them.</summary>
internal sealed class HealthCheckTests
{
    [Test]
    public async Task Unhealthy_until_it_is_loaded_then_healthy_and_unhealthy_once_stopped()
    {
        using var hosted = new HostedPipeline(services =>
        {
            services.AddMinions().UseTarget(_ => Counting.Target());
            services.AddHealthChecks().AddMinionsHealthCheck();
        });
        HealthReportEntry entry = (await hosted.CheckAsync()).Entries["minions"];
        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Unhealthy, "The models are not loaded.")));
        Assert.That(hosted.Pipeline.IsLoaded, Is.False, "a check loads nothing");

        await hosted.Pipeline.LoadAsync();
        entry = (await hosted.CheckAsync()).Entries["minions"];
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(entry.Data["lost_drafts"], Is.Empty);

        await hosted.Pipeline.StopAsync();
        entry = (await hosted.CheckAsync()).Entries["minions"];
        Assert.That((entry.Status, entry.Description), Is.EqualTo((HealthStatus.Unhealthy, "The pipeline was stopped.")));
    }

    [Test]
    public async Task Degraded_while_a_draft_is_lost()
    {
        bool fails = true;
        using var hosted = new HostedPipeline(services =>
        {
            services.AddMinions()
                .UseTarget(_ => Counting.Target())
                .AddDraft(_ => new TabularDraft("shaky", prefix => fails ? throw new InvalidOperationException("No memory.") : Counting.By(1)(prefix), Counting.ContextLength))
                .AddDraft(_ => Counting.Draft("sound"));
            services.AddHealthChecks().AddMinionsHealthCheck();
        });
        await hosted.Pipeline.GenerateAsync([1], new GenerationOptions { MaxOutputTokens = 8, SpeculationLength = 2 });
        HealthReportEntry entry = (await hosted.CheckAsync()).Entries["minions"];
        Assert.That((entry.Status, entry.Data["lost_drafts"]), Is.EqualTo((HealthStatus.Degraded, new[] { "shaky" })));
        Assert.That(entry.Description, Does.EndWith("no proposals from shaky."));

        fails = false;
        Assert.That((await hosted.CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Unhealthy_or_as_registered_when_the_target_fails()
    {
        using var hosted = new HostedPipeline(services =>
        {
            services.AddKeyedMinions("broken").UseTarget(_ => new TabularTarget(Counting.By(1)) { BeforeVerify = _ => throw new InvalidOperationException("No device.") });
            services.AddMinions().UseTarget(_ => Counting.Target());
            services.AddHealthChecks()
                .AddMinionsHealthCheck("broken")
                .AddMinionsHealthCheck("broken", name: "mild", failureStatus: HealthStatus.Degraded, tags: ["ready"])
                .AddMinionsHealthCheck();
        });
        await hosted.Host.Services.GetRequiredKeyedService<SpeculativePipeline>("broken").LoadAsync();
        await hosted.Pipeline.LoadAsync();
        HealthReport report = await hosted.CheckAsync();

        Assert.That(report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status), Is.EquivalentTo(new Dictionary<string, HealthStatus>
        {
            ["minions-broken"] = HealthStatus.Unhealthy,
            ["mild"] = HealthStatus.Degraded,
            ["minions"] = HealthStatus.Healthy,
        }));
        Assert.That(report.Entries["minions-broken"].Description, Does.Contain("No device."));
        Assert.That(report.Entries["minions-broken"].Exception, Is.TypeOf<ModelRunException>());
        Assert.That(report.Entries["mild"].Tags, Is.EqualTo(new[] { "ready" }));
    }

    [TestCase("", null)]
    [TestCase(null, " ")]
    public void Names_are_not_empty(string? pipeline, string? name) =>
        Assert.That(() => new ServiceCollection().AddHealthChecks().AddMinionsHealthCheck(pipeline, name), Throws.ArgumentException);
}
