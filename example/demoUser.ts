/** The account that the first start creates. Everyone may know it: the sign-in form shows it. */
export const demoUser = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  email: 'demo@example.com',
  password: 'remember-nothing',
} as const
