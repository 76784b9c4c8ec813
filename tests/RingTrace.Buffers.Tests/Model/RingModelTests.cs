using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using RingTrace.Buffers.Tests.Ring;
using Xunit;

namespace RingTrace.Buffers.Tests.Model;

/// <summary>
/// Random sequences of all operations of a ring and three readers, against a list of packets. A failure prints its
/// seed and the shortest sequence that still fails.
/// </summary>
public class RingModelTests
{
    private const int Sequences = 600;
    private const int LongestSequence = 120;

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void A_ring_is_a_list_of_packets_of_which_the_last_are_kept(WriterKind writer) =>
        new RingSpecification(writer, RingMode.Overwrite).ToProperty().Check(
            Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(LongestSequence));

    [Theory]
    [InlineData(WriterKind.Classic)]
    [InlineData(WriterKind.Restartable)]
    public void A_discarding_ring_is_a_list_of_packets_of_which_the_first_are_kept(WriterKind writer) =>
        new RingSpecification(writer, RingMode.Discard).ToProperty().Check(
            Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(LongestSequence));
}

/// <summary>What may happen to a ring, and how likely it is.</summary>
internal sealed class RingSpecification(WriterKind writer, RingMode mode) : Machine<RingUnderModel, RingModel>
{
    public override Arbitrary<Setup<RingUnderModel, RingModel>> Setup =>
        (from size in Gen.Elements(256, 512)
         from count in Gen.Elements(2, 4, 8)
         from spares in Gen.Elements(1, 2)
         from wraps in Gen.Choose(0, 3 * count)
         select (Setup<RingUnderModel, RingModel>)new Make(
             new RingShape(writer, mode, size, count, mode == RingMode.Overwrite ? spares : 0, wraps))).ToArbitrary();

    public override TearDown<RingUnderModel> TearDown => new Free();

    public override Gen<Operation<RingUnderModel, RingModel>> Next(RingModel model)
    {
        Gen<int> reader = Gen.Choose(0, RingShape.Readers - 1);

        // Near what is there: too old, whole, open, not begun.
        Gen<int> sequence = Gen.Choose(Math.Max(0, model.First - 2), model.Packets.Count + 1);
        int deaths = writer == WriterKind.Restartable ? 2 : 0;
        return Gen.Frequency(
            (deaths, from payload in Gen.Choose(2, model.Cap)
                     from step in Gen.Choose(0, HookMachine.SectionSteps - 1)
                     select Do($"write {payload}, die at {step}", m => m.WriteDying(payload), r => r.WriteDying(payload, step))),
            (deaths, from payload in Gen.OneOf(Gen.Choose(2, model.Cap), Gen.Constant(ExactFill(model)))
                     select Do($"write {payload}, die undelivered",
                         m => m.WriteUndelivered(payload), r => r.WriteUndelivered(payload))),
            (12, Gen.Choose(2, 40).Select(Write)),
            (6, Gen.Choose(40, model.Cap).Select(Write)),
            (4, Gen.Constant(Write(ExactFill(model)))),
            (1, Gen.Choose(model.Cap + 9, 2 * model.Shape.Size).Select(Write)),
            (6, from who in reader
                from at in sequence
                select Do($"{who}: get {at}", m => m.Get(who, at), r => r.Get(who, at))),
            (4, from who in reader
                from consume in Gen.Elements(false, false, true)
                select Do($"{who}: put{(consume ? " and consume" : "")}",
                    m => m.Put(who, consume), r => r.Put(who, consume))),
            (3, from who in reader
                from at in sequence
                select Do($"{who}: copy {at}", m => m.Copy(at), r => r.Copy(who, at))),
            (2, reader.Select(who => Do($"{who}: peek", m => m.Peek(), r => r.Peek(who)))),
            (2, reader.Select(who => Do($"{who}: walk", m => m.Walk(who), r => r.Walk(who), m => !m.IsHolding(who)))),
            (1, reader.Select(who => Do($"{who}: die", m => m.Die(who), r => r.Die(who)))),
            (2, reader.Select(who => Do($"{who}: take over", m => m.TakeOver(), r => r.TakeOver(who)))),
            (1, Gen.Constant(Do("reopen", m => m.Reopen(), r => r.Reopen()))));
    }

    /// <summary>A record that ends where its sub-buffer does, if there is one.</summary>
    private static int ExactFill(RingModel model) =>
        model.Room - 10 is var payload && payload >= 2 && payload <= model.Cap ? payload : model.Cap;

    private static Operation<RingUnderModel, RingModel> Write(int payload) =>
        Do($"write {payload}", m => m.Write(payload), r => r.Write(payload));

    private static Operation<RingUnderModel, RingModel> Do(
        string name, Func<RingModel, RingModel> model, Func<RingUnderModel, string> ring,
        Func<RingModel, bool>? isPossible = null) => new Step(name, model, ring, isPossible ?? (_ => true));

    private sealed class Make(RingShape shape) : Setup<RingUnderModel, RingModel>
    {
        public override RingUnderModel Actual() => new(shape);

        public override RingModel Model() => new(shape);

        public override string ToString() => shape.ToString();
    }

    private sealed class Free : TearDown<RingUnderModel>
    {
        public override void Actual(RingUnderModel ring) => ring.Dispose();
    }

    private sealed class Step(
        string name, Func<RingModel, RingModel> model, Func<RingUnderModel, string> ring,
        Func<RingModel, bool> isPossible)
        : Operation<RingUnderModel, RingModel>
    {
        public override bool Pre(RingModel m) => isPossible(m);

        public override RingModel Run(RingModel m) => model(m);

        public override Property Check(RingUnderModel actual, RingModel m)
        {
            string outcome = ring(actual);
            string? fault = outcome == m.Outcome ? actual.FaultAgainst(m) : $"{outcome}, the model says {m.Outcome}";
            return (fault is null).Label($"{name}: {fault}");
        }

        public override string ToString() => name;
    }
}
