using System.Globalization;
using Microsoft.Extensions.Configuration;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Voting;
using Member = System.Action<Minions.Core.DependencyInjection.SectionReading, Microsoft.Extensions.Configuration.IConfigurationSection, string>;

namespace Minions.Core.DependencyInjection;

/// <summary>The keys of a configuration section and what may stand behind them: the public properties of the options, spelled out without reflection.</summary>
internal static class OptionsSchema
{
    public static IReadOnlyDictionary<string, Member> Model { get; } = new Dictionary<string, Member>(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(OnnxModelOptions.Folder)] = Text,
        [nameof(OnnxModelOptions.Provider)] = OneOf<ExecutionProvider>,
        [nameof(OnnxModelOptions.DeviceId)] = Number,
        [nameof(OnnxModelOptions.ProviderOptions)] = (reading, section, path) => reading.Entries(section, path, Text),
        [nameof(OnnxModelOptions.SessionEntries)] = (reading, section, path) => reading.Entries(section, path, Text),
        [nameof(OnnxModelOptions.IntraOpThreads)] = Number,
    };

    public static IReadOnlyDictionary<string, Member> Ngram { get; } = new Dictionary<string, Member>(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(NgramDraftOptions.Name)] = Text,
        [nameof(NgramDraftOptions.MinMatchLength)] = Number,
        [nameof(NgramDraftOptions.PoolCapacity)] = Number,
        [nameof(NgramDraftOptions.PriorStrength)] = Number,
    };

    public static IReadOnlyDictionary<string, Member> Pipeline { get; } = new Dictionary<string, Member>(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(PipelineOptions.MaxConcurrentRequests)] = Number,
        [nameof(PipelineOptions.MaxQueuedRequests)] = Number,
        [nameof(PipelineOptions.MaxIdleSequences)] = Number,
        [nameof(PipelineOptions.DrainOnDispose)] = Flag,
        [nameof(PipelineOptions.OverlapDrafting)] = Flag,
        [nameof(PipelineOptions.DraftAhead)] = Flag,
        [nameof(PipelineOptions.DraftThreads)] = Number,
        [nameof(PipelineOptions.DraftTimeLimit)] = Duration,
        [nameof(PipelineOptions.Panel)] = OneOf<PanelMode>,
        [nameof(PipelineOptions.Weights)] = OneOf<DraftWeighting>,
        [nameof(PipelineOptions.MinSpeculationLength)] = Number,
        [nameof(PipelineOptions.MaxSpeculationLength)] = Number,
    };

    public static IReadOnlyDictionary<string, Member> Root { get; } = new Dictionary<string, Member>(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(MinionsOptions.Target)] = ModelObject,
        [nameof(MinionsOptions.Drafts)] = (reading, section, path) => reading.Entries(section, path, ModelObject),
        [nameof(MinionsOptions.Ngram)] = (reading, section, path) => reading.Members(section, path, Ngram),
        [nameof(MinionsOptions.SpeculationLengthRule)] = OneOf<SpeculationLengthRule>,
        [nameof(MinionsOptions.SpeculationLength)] = Number,
        [nameof(MinionsOptions.EndTokens)] = (reading, section, path) => reading.Entries(section, path, Number),
        [nameof(MinionsOptions.Pipeline)] = (reading, section, path) => reading.Members(section, path, Pipeline),
    };

    public static SectionReading Read(IConfiguration configuration)
    {
        var reading = new SectionReading();
        reading.Members(configuration, "", Root);
        return reading;
    }

    private static void ModelObject(SectionReading reading, IConfigurationSection section, string path) =>
        reading.Members(section, path, Model);

    private static void Text(SectionReading reading, IConfigurationSection section, string path) =>
        reading.Value(section, path, _ => true, "a text");

    private static void Number(SectionReading reading, IConfigurationSection section, string path) =>
        reading.Value(section, path, value => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _), "a whole number");

    private static void Duration(SectionReading reading, IConfigurationSection section, string path) =>
        reading.Value(section, path, value => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _), "a time such as 00:00:05");

    private static void Flag(SectionReading reading, IConfigurationSection section, string path) =>
        reading.Value(section, path, value => bool.TryParse(value, out _), "true or false");

    private static void OneOf<T>(SectionReading reading, IConfigurationSection section, string path)
        where T : struct, Enum =>
        reading.Value(section, path, value => Enum.GetNames<T>().Contains(value, StringComparer.OrdinalIgnoreCase), $"one of {string.Join(", ", Enum.GetNames<T>())}");
}
