using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Minions.Core.Diagnostics;
using Minions.Core.Pipeline;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.Diagnostics;

/// <summary>The page about telemetry names what the code publishes.</summary>
public sealed partial class TelemetryPageTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.PathOf("docs", "telemetry.md"));

    [Test]
    public void The_table_of_instruments_is_that_of_the_code()
    {
        using var meters = new RecordedMeters();
        using var engine = new SteppedEngine(new PipelineComponents { Target = Counting.Target(), Drafts = [Counting.Draft()] }, meters: meters);

        string[] published = [.. meters.Instruments.Select(instrument => $"{instrument.Name}, {KindOf(instrument)}, {instrument.Unit}")];
        string[] documented = [.. InstrumentRow().Matches(Page).Select(row => $"{row.Groups["name"].Value}, {row.Groups["kind"].Value}, {row.Groups["unit"].Value}")];
        Assert.That(documented, Is.EqualTo(published));
        Assert.That(meters.Instruments.Select(instrument => instrument.Meter.Name), Has.All.EqualTo(MinionsTelemetry.MeterName));
        Assert.That(meters.Instruments.Select(instrument => instrument.Name), Has.None.StartsWith("gen_ai."), "those are UseOpenTelemetry's");
    }

    [Test]
    public void Meter_source_and_tags_are_named_as_in_the_code()
    {
        string source = string.Concat(Directory.EnumerateFiles(RepositoryFiles.Library, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is "RequestTelemetry.cs" or "PipelineTags.cs" or "MinionsTelemetry.cs")
            .Select(File.ReadAllText));
        string[] documented = [.. TagRow().Matches(Page).SelectMany(row => Name().Matches(row.Groups["names"].Value)).Select(name => name.Groups[1].Value)];
        string[] used = [.. SourceName().Matches(source).Select(name => name.Groups[1].Value).Distinct()];

        string[] activity = [RequestTelemetry.ActivityName, RequestTelemetry.RoundEvent];
        Assert.That(documented.Concat(activity), Is.EquivalentTo(used));
        Assert.That(activity.Select(name => $"`{name}`"), Has.All.Matches<string>(Page.Contains));
        Assert.That(Page, Does.Contain($"`{MinionsTelemetry.MeterName}`").And.Contain("AddMeter(MinionsTelemetry.MeterName)").And.Contain("AddSource(MinionsTelemetry.ActivitySourceName)"));
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        nameof(Counter<int>) => "counter",
        nameof(Histogram<int>) => "histogram",
        nameof(ObservableUpDownCounter<int>) => "up-down counter",
        string other => other,
    };

    [GeneratedRegex(@"^\| `(?<name>minions\.[a-z_.]+)` \| (?<kind>counter|histogram|up-down counter) \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();

    // A row of tags says on what they are: measurements, the activity, or its events.
    [GeneratedRegex(@"^\| (?<names>`[^|]+`) \| (?:measurements|activity|event)", RegexOptions.Multiline)]
    private static partial Regex TagRow();

    [GeneratedRegex("`([a-z_.]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"""((?:minions\.[a-z_.]+|position|error\.type))""")]
    private static partial Regex SourceName();
}
