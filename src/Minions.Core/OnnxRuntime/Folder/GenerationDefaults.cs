using System.Text.Json;
using Minions.Core.Generation;
using Minions.Core.Json;
using Minions.Core.Sampling;

namespace Minions.Core.OnnxRuntime.Folder;

/// <summary>Reads what a model's files recommend for choosing ids. A value that cannot be used stops nothing: it is left, with the reason.</summary>
internal sealed class GenerationDefaults
{
    private const int ReferenceTopK = 50;
    private const int ShownCharacters = 40;
    private const string NotSampled = "without effect, as do_sample is not true";
    private const string Unsupported = "not supported";

    // What a request decides, or what says nothing about how ids are chosen.
    private static readonly HashSet<string> Unrelated = new(StringComparer.Ordinal)
    {
        "do_sample", "transformers_version", "_from_model_config", "bos_token_id", "pad_token_id", "eos_token_id", "decoder_start_token_id",
        "use_cache", "cache_implementation", "past_present_share_buffer", "early_stopping", "chunk_size",
    };

    private static readonly HashSet<string> Lengths = new(StringComparer.Ordinal) { "max_length", "max_new_tokens" };

    // What these numbers turn off.
    private static readonly HashSet<string> OffAt0 = new(StringComparer.Ordinal)
    {
        "diversity_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "min_length", "epsilon_cutoff", "eta_cutoff", "blank_penalty",
    };

    private static readonly HashSet<string> OffAt1 = new(StringComparer.Ordinal)
    {
        "num_beams", "num_beam_groups", "num_return_sequences", "batch_size", "length_penalty", "typical_p", "encoder_repetition_penalty",
    };

    private readonly JsonPart _values;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<string> _taken = [];
    private readonly List<string> _left = [];

    private GenerationDefaults(JsonPart values) => _values = values;

    /// <param name="values">The object that holds them.</param>
    /// <param name="endTokens">The ids that the files say end a text.</param>
    /// <param name="zeroIsOff">Whether a top_p of 0 is off, as ONNX Runtime GenAI writes it; otherwise it leaves the likeliest token alone.</param>
    public static ModelDefaults Read(JsonPart values, IReadOnlyList<int> endTokens, bool zeroIsOff) => new GenerationDefaults(values).ReadAll(endTokens, zeroIsOff);

    private ModelDefaults ReadAll(IReadOnlyList<int> endTokens, bool zeroIsOff)
    {
        bool samples = _values.Optional("do_sample") is { Kind: JsonValueKind.True };
        double temperature = samples ? 1 : 0;
        double topK = samples ? ReferenceTopK : 0;
        double topP = 1, minP = 0, repetition = 1, presence = 0, frequency = 0, seed = -1;
        if (samples)
            _taken.Add("do_sample true");

        Take("temperature", ref temperature, samples, value => value >= 0, "must be at least 0");
        if (samples && _values.Optional("top_k") is null)
            _taken.Add($"top_k {ReferenceTopK}, which the references take where nothing is said");
        Take("top_k", ref topK, samples, value => value is >= 0 and <= int.MaxValue && value == Math.Floor(value), "must be a whole number of at least 0");

        Take("top_p", ref topP, samples, value => value is >= 0 and <= 1, "must lie in [0, 1]");
        Take("min_p", ref minP, samples, value => value is >= 0 and < 1, "must lie in [0, 1)");
        Take("repetition_penalty", ref repetition, applies: true, value => value > 0, "must be above 0");
        Take("presence_penalty", ref presence, applies: true, _ => true, "");
        Take("frequency_penalty", ref frequency, applies: true, _ => true, "");
        Take("random_seed", ref seed, samples, value => value is >= -1 and <= int.MaxValue && value == Math.Floor(value), "must be a whole number of at least -1");
        if (endTokens.Count > 0)
            _taken.Add($"eos_token_id {string.Join(", ", endTokens)}");
        LeaveRest();

        return new ModelDefaults
        {
            Source = _values.File,
            Sampling = new SamplingOptions
            {
                Temperature = temperature,
                TopK = (int)topK,
                TopP = topP > 0 ? topP : zeroIsOff ? 1 : double.Epsilon,
                MinP = minP,
                RepetitionPenalty = repetition,
                PresencePenalty = presence,
                FrequencyPenalty = frequency,
                Seed = seed < 0 ? null : (ulong)seed,
            },
            EndTokens = endTokens,
            Taken = [.. _taken],
            Left = [.. _left],
        };
    }

    private void Take(string key, ref double value, bool applies, Func<double, bool> isGood, string rule)
    {
        _read.Add(key);
        if (_values.Optional(key) is not { } part)
            return;

        if (part.Kind != JsonValueKind.Number || part.Number() is var number && !double.IsFinite(number))
        {
            Leave(key, part, "must be a number");
            return;
        }

        if (!isGood(number))
        {
            Leave(key, part, rule);
        }
        else if (!applies)
        {
            Leave(key, part, NotSampled);
        }
        else
        {
            value = number;
            _taken.Add($"{key} {part.RawText}");
        }
    }

    private void LeaveRest()
    {
        foreach ((string key, JsonPart part) in _values.Members())
        {
            if (_read.Contains(key) || Unrelated.Contains(key) || IsOff(key, part))
                continue;

            Leave(key, part, Lengths.Contains(key) ? $"a request's {nameof(GenerationOptions.MaxOutputTokens)} decides"
                : key.Contains("beam", StringComparison.Ordinal) ? $"beam search is {Unsupported}"
                : Unsupported);
        }
    }

    private static bool IsOff(string key, JsonPart part) => part.Kind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => (part.Number() == 0 && OffAt0.Contains(key)) || (part.Number() == 1 && OffAt1.Contains(key)),
        _ => false,
    };

    private void Leave(string key, JsonPart part, string reason)
    {
        string text = part.RawText;
        _left.Add($"{key} {(text.Length > ShownCharacters ? string.Concat(text.AsSpan(0, ShownCharacters), "...") : text)}: {reason}");
    }
}
