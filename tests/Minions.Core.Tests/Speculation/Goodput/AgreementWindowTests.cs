using CsCheck;
using Minions.Core.Speculation.Goodput;

namespace Minions.Core.Tests.Speculation.Goodput;

public class AgreementWindowTests
{
    private const int Lengths = 6;
    private const int Capacity = 16;

    // Three drafts: at each position, what is known of each and whether it was right.
    private static readonly Gen<(bool IsKnown, bool IsRight)[][]> Texts =
        Gen.Select(Gen.Bool, Gen.Bool).Array[3].Array[0, 40];

    private static readonly ulong[] Sets = [0b001, 0b010, 0b100, 0b011, 0b110, 0b111];

    [Test]
    public void Counts_are_those_of_looking_at_every_start() => Texts.Sample(text =>
    {
        var window = new AgreementWindow(Capacity);
        window.Begin(100);
        Record(window, 100, text);
        ExpectCounts(window, [text[^Math.Min(text.Length, Capacity)..]]);
    });

    [Test]
    public void Nothing_depends_on_the_order_of_recording() => Gen.Select(Texts, Gen.Int[0, 1000]).Sample((text, seed) =>
    {
        var inOrder = new AgreementWindow(Capacity);
        Record(inOrder, 0, text);

        var shuffled = new AgreementWindow(Capacity);
        shuffled.Extend(text.Length);
        (int Position, int Draft)[] places = [.. from position in Enumerable.Range(0, text.Length) from draft in Enumerable.Range(0, 3) select (position, draft)];
        new Random(seed).Shuffle(places);
        foreach ((int position, int draft) in places.Where(place => text[place.Position][place.Draft].IsKnown))
            shuffled.Record(position, draft, text[position][draft].IsRight);
        ExpectEqual(Count(inOrder), Count(shuffled));
    });

    // A start counts for a set only as far as every draft of it that may still decide is known: chance alone tells which those are.
    [Test]
    public void What_is_not_known_biases_nothing()
    {
        var random = new Random(1);
        var window = new AgreementWindow(1 << 16);
        window.Extend(1 << 16);
        for (int position = 0; position < window.End; position++)
        {
            for (int draft = 0; draft < 2; draft++)
            {
                bool isRight = random.NextDouble() < 0.7;
                if (random.NextDouble() < 0.8)
                    window.Record(position, draft, isRight);
            }
        }

        SurvivalCounts counts = Count(window);
        for (int length = 0; length < Lengths; length++)
            Assert.That(counts.Right(0)[length] / counts.Tried(0)[length], Is.EqualTo(0.7).Within(0.03));
        Assert.That(counts.Right(3)[0] / counts.Tried(3)[0], Is.EqualTo(0.91).Within(0.01));
    }

    [Test]
    public void What_is_appended_is_counted_beside_what_was_there_and_no_run_crosses() => Gen.Select(Texts, Texts, Gen.Int[0, 40]).Sample((first, second, from) =>
    {
        var shared = new AgreementWindow(256);
        var own = new AgreementWindow(64);
        Record(own, 0, first);
        Assert.That(shared.Append(own, 0), Is.EqualTo(first.Length));

        var other = new AgreementWindow(64);
        other.Begin(1000);
        Record(other, 1000, second);
        Assert.That(shared.Append(other, 1000 + Math.Min(from, second.Length)), Is.EqualTo(1000 + second.Length));
        ExpectCounts(shared, [first, second[Math.Min(from, second.Length)..]]);
    });

    [Test]
    public void A_text_that_is_passed_on_piece_by_piece_is_taken_over_once() => Gen.Select(Texts, Gen.Int[1, 10]).Sample((text, step) =>
    {
        var own = new AgreementWindow(64);
        var shared = new AgreementWindow(256);
        int passedOn = 0;
        for (int length = 0; length <= text.Length; length += step)
        {
            Record(own, 0, text[..length]);
            passedOn = shared.Append(own, passedOn);
        }

        int[] pieces = [.. Enumerable.Range(0, text.Length / step)];
        ExpectCounts(shared, [.. pieces.Select(piece => text.AsSpan(piece * step, step).ToArray())]);
    });

    // Drafts that rest for long, or cannot tell what they would have chosen, would push out all that is known otherwise.
    [Test]
    public void Ids_of_which_nothing_is_known_take_one_place_however_many_they_are()
    {
        var own = new AgreementWindow(64);
        own.Extend(60);
        foreach (int position in new[] { 10, 11, 50 })
            own.Record(position, 0, isRight: true);
        var shared = new AgreementWindow(16);
        for (int text = 0; text < 2; text++)
            shared.Append(own, 0);

        var counts = new SurvivalCounts(1, 3);
        shared.Count([1], counts);
        Assert.That(counts.Tried(0).ToArray(), Is.EqualTo(new double[] { 6, 2, 0 }));
        Assert.That(counts.Right(0).ToArray(), Is.EqualTo(new double[] { 6, 2, 0 }));
    }

    private static void Record(AgreementWindow window, int start, (bool IsKnown, bool IsRight)[][] text)
    {
        window.Extend(start + text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            for (int draft = 0; draft < text[i].Length; draft++)
            {
                if (text[i][draft].IsKnown)
                    window.Record(start + i, draft, text[i][draft].IsRight);
            }
        }
    }

    private static SurvivalCounts Count(AgreementWindow window)
    {
        var counts = new SurvivalCounts(Sets.Length, Lengths);
        window.Count(Sets, counts);
        return counts;
    }

    private static void ExpectCounts(AgreementWindow window, (bool IsKnown, bool IsRight)[][][] texts)
    {
        var expected = new SurvivalCounts(Sets.Length, Lengths);
        foreach ((bool, bool)[][] text in texts)
        {
            for (int start = 0; start < text.Length; start++)
            {
                for (int set = 0; set < Sets.Length; set++)
                    CountNaively(text.AsSpan(start), set, expected);
            }
        }

        ExpectEqual(Count(window), expected);
    }

    private static void CountNaively(ReadOnlySpan<(bool IsKnown, bool IsRight)[]> text, int set, SurvivalCounts counts)
    {
        List<int> alive = [.. Enumerable.Range(0, 3).Where(draft => (Sets[set] >> draft & 1) != 0)];
        for (int i = 0; i < Math.Min(Lengths, text.Length); i++)
        {
            (bool IsKnown, bool IsRight)[] here = text[i];
            if (alive.Exists(draft => !here[draft].IsKnown))
                return;

            alive.RemoveAll(draft => !here[draft].IsRight);
            counts.Add(set, i, alive.Count > 0);
            if (alive.Count == 0)
                return;
        }
    }

    private static void ExpectEqual(SurvivalCounts actual, SurvivalCounts expected)
    {
        for (int set = 0; set < Sets.Length; set++)
        {
            Assert.That(actual.Tried(set).ToArray(), Is.EqualTo(expected.Tried(set).ToArray()).Within(1e-9), $"tried, set {Sets[set]:b}");
            Assert.That(actual.Right(set).ToArray(), Is.EqualTo(expected.Right(set).ToArray()).Within(1e-9), $"right, set {Sets[set]:b}");
        }
    }
}
