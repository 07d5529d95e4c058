using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.ToolCalls;

/// <summary>What holds for every format.</summary>
public class ModelOutputLawTests
{
    private static readonly Gen<int[]> Lengths = Gen.Int[1, 9].Array[1, 5];

    private static IReadOnlyList<Dialect> Dialects => Dialect.All;

    [TestCaseSource(nameof(Dialects))]
    public void Calls_read_back_as_they_were_written(object dialect) => WrittenCall.Some.Sample(calls =>
    {
        Dialect by = (Dialect)dialect;
        ReadOutput read = ReadOutput.Of(by.Syntax, by.Write(calls));
        Assert.That(read.CallTexts, Is.EqualTo(calls.Select(call => call.ToString())), read.Trace);
        Assert.That(read.Text, Is.Empty);
        Assert.That(read.Calls.Select(call => call.Error), Is.All.Null);
        Assert.That(read.Calls.Select(call => call.Id), Is.Unique);
    });

    [TestCaseSource(nameof(Dialects))]
    public void Arguments_are_JSON_elements(object dialect) => WrittenCall.Any.Sample(call =>
    {
        Dialect by = (Dialect)dialect;
        IDictionary<string, object?> arguments = ReadOutput.Of(by.Syntax, by.Write([call])).Calls[0].Arguments!;
        Assert.That(arguments.Keys, Is.EqualTo(call.Arguments.Select(member => member.Key)));
        foreach ((string name, JsonNode? value) in call.Arguments)
        {
            if (value is null)
                Assert.That(arguments[name], Is.Null);
            else
                Assert.That(JsonElement.DeepEquals((JsonElement)arguments[name]!, JsonSerializer.SerializeToElement(value)), name);
        }
    }, iter: 20);

    [TestCaseSource(nameof(Dialects))]
    public void The_split_into_pieces_does_not_matter(object dialect) => Gen.Select(WrittenCall.Some, Lengths).Sample((calls, lengths) =>
    {
        Dialect by = (Dialect)dialect;
        string output = $"<think>\nHm, a<b.\n</think>\n\nLet me see.\n\n{by.Write(calls)}";
        AssertSplit(by, output, lengths);
    });

    [TestCaseSource(nameof(Dialects))]
    public void The_split_of_broken_markup_does_not_matter_either(object dialect)
    {
        Dialect by = (Dialect)dialect;
        string[] pieces =
        [
            .. by.Format.Openers, .. by.Format.FreshOpeners, .. by.Format.SilentMarkers, "</tool_call>", "<|call|>", "<|message|>", "<think>", "</think>", "{", "}", "[", "]",
            "\"", "'", "\n", " ", "text", "{\"name\": \"now\", \"arguments\": {}}", "now", "(", ")", "call:now", "=", ",", "<function=now>", "</function>", "```", ":", "<arg_key>",
        ];
        Gen.Select(WrittenCall.OneOf(pieces).Array[0, 14].Select(string.Concat), Lengths).Sample((output, lengths) => AssertSplit(by, output, lengths));
    }

    [TestCaseSource(nameof(Dialects))]
    public void Text_without_markup_passes_unchanged_and_at_once(object dialect)
    {
        Dialect by = (Dialect)dialect;
        string[] openers = [.. by.Format.Openers, .. by.Format.SilentMarkers, "<think>", "</think>"];
        string[] pieces = [.. openers.Select(marker => marker[..^1]), .. openers.Select(marker => marker[1..]), "a", "Zürich", "\n", " ", "\n\n", "{", "}", "<", "|", "```"];
        int longest = openers.Max(marker => marker.Length);
        Gen.Select(WrittenCall.OneOf(pieces).Array[0, 12].Select(words => "x" + string.Concat(words)), Lengths).Sample((text, lengths) =>
        {
            if (openers.Any(text.Contains))
                return;

            ModelOutputReader reader = new(by.Syntax, Tools.Catalog, startsInReasoning: false);
            string fed = string.Empty;
            string told = string.Empty;
            foreach (string piece in ReadOutput.Split(text, lengths))
            {
                fed += piece;
                told += string.Concat(reader.Read(piece).Cast<TextPart>().Select(part => part.Text));
                string held = fed[told.Length..].TrimEnd();
                Assert.That(held.TrimStart().Length, Is.LessThan(longest), $"'{held}' is held back");
            }

            told += string.Concat(reader.End().Cast<TextPart>().Select(part => part.Text));
            Assert.That(told, Is.EqualTo(text));
        });
    }

    [TestCaseSource(nameof(Dialects))]
    public void An_output_that_ends_early_loses_nothing_silently(object dialect) => WrittenCall.Some.Sample(calls =>
    {
        Dialect by = (Dialect)dialect;
        string output = by.Write(calls);
        string opener = by.Format.Openers.Concat(by.Format.FreshOpeners).First(marker => output.TrimStart().StartsWith(marker, StringComparison.Ordinal));
        int cut = output.IndexOf(opener, StringComparison.Ordinal) + opener.Length;
        for (; cut < output.Length; cut += 3)
        {
            ReadOutput read = ReadOutput.Of(by.Syntax, output[..cut]);
            int whole = read.Calls.Count(call => !call.IsCutOff && call.Error is null);
            Assert.That(read.WholeCallTexts(whole), Is.EqualTo(calls.Take(whole).Select(call => call.ToString())), read.Trace);
            Assert.That(read.Calls.Skip(whole).Select(call => call.Error), Is.All.Not.Null);
            Assert.That(read.Calls.Count, Is.LessThanOrEqualTo(calls.Length));
            Assert.That(read.Calls.Where(call => call.IsCutOff).Select(call => call.Name), Is.SubsetOf(new[] { "", "now", "get_weather" }));
        }
    }, iter: 10);

    // The work is counted by what is allocated: whatever looks at the text again copies it.
    [TestCaseSource(nameof(Dialects))]
    public void Hostile_output_takes_memory_in_proportion_to_its_length(object dialect)
    {
        Dialect by = (Dialect)dialect;
        string[] openers = [string.Empty, .. by.Format.Openers, .. by.Format.FreshOpeners];
        string[] repeated = ["{", "[", "[{", "{\"a\":", "(", "\"", "' ", "\\u", " ", "\n", "<", "f(", "{\"name\": \"", "{\"type\": \"", .. by.Format.Openers, .. by.Format.SilentMarkers];
        foreach (string opener in openers)
        {
            foreach (string piece in repeated)
            {
                long shorter = Allocated(by, opener, piece, 10_000);
                long longer = Allocated(by, opener, piece, 80_000);
                Assert.That(longer, Is.LessThan((16 * shorter) + 4_000_000), $"'{opener}' and many '{piece}'");
            }
        }
    }

    [TestCaseSource(nameof(Dialects))]
    public void The_split_of_a_header_that_is_too_long_does_not_matter(object dialect)
    {
        Dialect by = (Dialect)dialect;
        foreach (string opener in by.Format.Openers.Concat(by.Format.FreshOpeners))
        {
            foreach (int length in (int[])[510, 511, 512, 513, 514, 600, 1020, 1024, 1030])
                AssertSplit(by, opener + new string(' ', length) + "now" + new string('x', length) + "<|message|>{}</tool_call>\n<tool_call>(", [17, 500]);
        }
    }

    [Test]
    public void A_million_braces_are_read_to_the_end([Values("<tool_call>", "")] string opener)
    {
        string output = opener + new string('{', 1_000_000);
        ReadOutput read = ReadOutput.Of(Dialect.All[0].Syntax, ReadOutput.Split(output, [7]));
        Assert.That(read.Text.Length + read.Calls.Sum(call => call.ArgumentsText.Length), Is.GreaterThanOrEqualTo(1_000_000));
    }

    private static long Allocated(Dialect by, string opener, string piece, int length)
    {
        string output = opener + string.Concat(Enumerable.Repeat(piece, length / piece.Length)) + "\n\"}])";
        ModelOutputReader reader = new(by.Syntax, Tools.Catalog, startsInReasoning: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int at = 0; at < output.Length; at += 16)
            reader.Read(output.AsSpan(at, Math.Min(16, output.Length - at)));
        reader.End();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertSplit(Dialect by, string output, int[] lengths)
    {
        string whole = ReadOutput.Of(by.Syntax, output).Trace;
        Assert.That(ReadOutput.Of(by.Syntax, ReadOutput.Split(output, lengths)).Trace, Is.EqualTo(whole));
        Assert.That(ReadOutput.Of(by.Syntax, ReadOutput.Split(output, [1])).Trace, Is.EqualTo(whole));
    }
}
