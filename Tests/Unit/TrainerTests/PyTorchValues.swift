/// What PyTorch 2.15 computes for the linear classifier of these tests:
/// ```python
/// w = torch.nn.Parameter(torch.tensor([[-.2, -.1, 0.], [.1, .2, .3]]))
/// x, y = torch.tensor([[1., 2], [-1, .5]]), torch.tensor([2, 0])
/// weights = torch.tensor([1/10, 1/20, 1/30], dtype=torch.float64); weights = (weights / weights.mean()).float()
/// loss = torch.nn.CrossEntropyLoss(weight=weights, label_smoothing=.1)
/// optimizer = torch.optim.AdamW([w], lr=.1, weight_decay=.05)
/// schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10, 0.001)
/// for _ in range(3):
///     optimizer.zero_grad(); loss(x @ w, y).backward(); torch.nn.utils.clip_grad_norm_([w], 1.0)
///     optimizer.step(); schedule.step()
/// ```
/// The same with `torch.optim.SGD([w], lr=.1, momentum=.9, nesterov=True, weight_decay=.05)`: `weightAfterThreeStepsOfSGD`.
/// The first, averaged after each step by `torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.8),
/// use_buffers=True)`: `averageAfterThreeSteps`.
/// The loss over the 20 samples of ``SplitLossTests`` in double precision, with `ignore_index=-1`: `splitLoss`.
enum PyTorch {
  static let weightedLoss = 1.0010392665863037
  static let splitLoss = 1.0922656156310544
  static let plainLoss = 0.9564178586006165
  static let weightAfterThreeSteps: [Float] = [
    -0.4825665056705475, 0.18687061965465546, 0.2854325473308563, 0.38363906741142273, -0.08543562889099121,
    0.5731517672538757,
  ]
  static let averageAfterThreeSteps: [Float] = [
    -0.3510354459285736, 0.05332960933446884, 0.15256384015083313, 0.2517053484916687, 0.04661060869693756,
    0.44834282994270325,
  ]
  static let weightAfterThreeStepsOfSGD: [Float] = [
    -0.5426818132400513, 0.015182617120444775, 0.23889118432998657, 0.20118041336536407, 0.006188820116221905,
    0.3698466718196869,
  ]
}
